package dev.emergence.plan;

import dev.emergence.spec.Defaults;
import dev.emergence.spec.Keys;
import dev.emergence.spec.RecordReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Spec records as trees of maps, lists, strings, numbers and booleans, under their YAML names, and
 * back. Every value is written, the defaults too, but for those of keys that are younger than the
 * first format ({@link dev.emergence.spec.Key#since}); an absent one is null.
 */
public final class SpecTree {
  private SpecTree() {}

  /** All of a record. */
  public static Map<String, Object> of(Record record) {
    return record(record, false);
  }

  /** What decides the result: the components whose {@code identity} is true, at every depth. */
  public static Map<String, Object> identityOf(Record record) {
    return record(record, true);
  }

  /**
   * A record from its tree.
   *
   * @throws IllegalArgumentException naming the path when a key is missing, unknown or of the wrong
   *     type, or when values contradict each other
   */
  public static <T extends Record> T read(Class<T> type, Map<String, Object> tree) {
    return RecordReader.ofStored().read(type, tree);
  }

  private static Map<String, Object> record(Record record, boolean identityOnly) {
    Map<String, Object> out = new LinkedHashMap<>();
    if (!Keys.kindOf(record).isEmpty()) {
      out.put("kind", Keys.kindOf(record));
    }
    for (Keys.Component component : Keys.components(record.getClass())) {
      Object value = component.of(record);
      boolean silent = component.isYoung() && value.equals(Defaults.of(component));
      if (!silent && (component.key().identity() || !identityOnly)) {
        out.put(component.name(), tree(value, identityOnly));
      }
    }
    return out;
  }

  private static Object tree(Object value, boolean identityOnly) {
    if (value instanceof Record r) {
      return record(r, identityOnly);
    } else if (value instanceof Optional<?> o) {
      return o.map(v -> tree(v, identityOnly)).orElse(null);
    } else if (value instanceof Enum<?> e) {
      return Keys.word(e);
    } else if (value instanceof Duration d) {
      return d.toMillis() / 1000.0;
    } else if (value instanceof List<?> list) {
      List<Object> out = new ArrayList<>();
      list.forEach(item -> out.add(tree(item, identityOnly)));
      return out;
    } else if (value instanceof Map<?, ?> map) {
      Map<String, Object> out = new LinkedHashMap<>();
      map.forEach((key, item) -> out.put((String) key, tree(item, identityOnly)));
      return out;
    }
    return value;
  }
}
