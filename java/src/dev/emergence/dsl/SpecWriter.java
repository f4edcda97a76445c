package dev.emergence.dsl;

import dev.emergence.dsl.bind.Edits;
import dev.emergence.dsl.bind.ExperimentFile;
import dev.emergence.dsl.bind.Shape;
import dev.emergence.dsl.bind.ShortForms;
import dev.emergence.dsl.yaml.Layer;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Source;
import dev.emergence.dsl.yaml.Spelling;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.dsl.yaml.YamlWriter;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.Key;
import dev.emergence.spec.Keys;
import java.lang.reflect.Array;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Writes experiment files from values by path, for experiments that are put together in Java. What
 * a value means is left to {@link SpecReader}, so that both ways meet the same checks.
 */
public final class SpecWriter {
  private static final Pattern PATH = Pattern.compile("[^.\\s]+(\\.[^.\\s]+)*");
  private static final Place NOWHERE = Place.whole(Source.of("", 0, Layer.FILE, ""));

  private SpecWriter() {}

  /** A value in its written form, and where it belongs. */
  public static final class Setting {
    private final String path;
    private final Node value;

    /**
     * A value at a path.
     *
     * @throws IllegalArgumentException when the path is no path, or the value has no written form
     */
    public Setting(String path, Object value) {
      if (!PATH.matcher(path).matches()) {
        throw new IllegalArgumentException(
            "'" + path + "' is no path; write keys with dots between them: task.dim");
      }
      this.path = path;
      this.value = node(path, value);
    }
  }

  /**
   * The file that says all this.
   *
   * @param settings a later one is laid over earlier ones, as {@code --set} does it
   */
  public static String write(List<Setting> settings) {
    Map<String, Node.Entry> kinds = new LinkedHashMap<>();
    settings.stream()
        .filter(setting -> setting.path.endsWith(".kind"))
        .forEach(setting -> kinds.put(setting.path, entry(setting.value)));
    Node.Mapping tree = Edits.putKinds(Node.Mapping.empty(NOWHERE), kinds);
    for (Setting setting : settings) {
      boolean takesAway = setting.value instanceof Node.Scalar s && s.isNull();
      if (takesAway && Trees.entry(tree, setting.path) == null) {
        continue;
      }
      tree = ShortForms.expand(Edits.put(tree, setting.path, entry(setting.value)));
    }
    Map<String, Node.Entry> sorted = new LinkedHashMap<>();
    for (String key : Shape.of(ExperimentFile.class).fields().keySet()) {
      Node.Entry entry = tree.entries().get(key);
      if (entry != null) {
        sorted.put(key, entry);
      }
    }
    tree.entries().forEach(sorted::putIfAbsent);
    return YamlWriter.write(new Node.Mapping(sorted, NOWHERE), List.of());
  }

  private static Node.Entry entry(Node value) {
    return new Node.Entry(NOWHERE, value);
  }

  private static Node node(String path, Object value) {
    if (value instanceof Record record) {
      return record(path, record);
    } else if (value instanceof Map<?, ?> map) {
      return map(path, map);
    } else if (value instanceof Collection<?> items) {
      return list(path, items);
    } else if (value != null && value.getClass().isArray()) {
      List<Object> items = new ArrayList<>();
      for (int i = 0; i < Array.getLength(value); i++) {
        items.add(Array.get(value, i));
      }
      return list(path, items);
    }
    return scalar(path, value);
  }

  private static Node list(String path, Collection<?> items) {
    List<Node> nodes = new ArrayList<>();
    items.forEach(item -> nodes.add(node(path, item)));
    return new Node.Sequence(nodes, NOWHERE);
  }

  /** A map without an order of its own is sorted, so that the same program writes the same file. */
  private static Node map(String path, Map<?, ?> map) {
    Map<String, Object> named =
        map instanceof LinkedHashMap || map instanceof SortedMap
            ? new LinkedHashMap<>()
            : new TreeMap<>();
    map.forEach((key, value) -> named.put(String.valueOf(key), value));
    Map<String, Node.Entry> entries = new LinkedHashMap<>();
    named.forEach((key, value) -> entries.put(key, entry(node(path + "." + key, value))));
    return new Node.Mapping(entries, NOWHERE);
  }

  /** Keys that have their default are left out: two of them may exclude each other once written. */
  private static Node record(String path, Record record) {
    Map<String, Node.Entry> entries = new LinkedHashMap<>();
    if (!Keys.kindOf(record).isEmpty()) {
      entries.put("kind", entry(word(Keys.kindOf(record))));
    }
    for (Keys.Component key : Keys.of(record.getClass())) {
      Object value = key.of(record);
      if (!key.key().value().equals(Key.REQUIRED) && value.equals(Defaults.of(key))) {
        continue;
      }
      if (value instanceof Optional<?> maybe) {
        value = maybe.orElse(null);
      }
      if (value != null) {
        entries.put(key.name(), entry(node(path + "." + key.name(), value)));
      } else if (!key.key().empty().isEmpty()) {
        entries.put(key.name(), entry(word(key.key().empty())));
      }
    }
    return new Node.Mapping(entries, NOWHERE);
  }

  private static Node scalar(String path, Object value) {
    if (value == null || value instanceof Number || value instanceof Boolean) {
      return word(String.valueOf(value));
    } else if (value instanceof Enum<?> constant) {
      return word(Keys.word(constant));
    } else if (value instanceof Duration time) {
      return word(time.toSeconds() + "s" + time.toMillisPart() + "ms");
    } else if (value instanceof CharSequence text) {
      return text(text.toString());
    }
    throw new IllegalArgumentException(
        path
            + " cannot be a "
            + value.getClass().getName()
            + "; give a number, a boolean, a text, an enum constant, a duration, a record of"
            + " dev.emergence.spec, or a list or map of these");
  }

  private static Node.Scalar word(String text) {
    return new Node.Scalar(text, false, NOWHERE);
  }

  /** Quoted where it would be read as something else than a text. */
  private static Node.Scalar text(String text) {
    boolean mistakable =
        text.isEmpty()
            || Spelling.isNumber(text)
            || text.equals("true")
            || text.equals("false")
            || text.equals("null")
            || text.equals("~");
    return new Node.Scalar(text, mistakable, NOWHERE);
  }
}
