package dev.emergence.spec;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Spec records from trees of maps, lists, strings, numbers and booleans under their YAML names. An
 * absent optional value is null.
 */
public final class RecordReader {
  private final boolean complete;

  private RecordReader(boolean complete) {
    this.complete = complete;
  }

  /**
   * A reader of what was stored: every key is there, but for those younger than the first format
   * ({@link Key#since}), which have their defaults where they are absent.
   */
  public static RecordReader ofStored() {
    return new RecordReader(true);
  }

  /** A reader of defaults: keys may be absent, and words stand for what they mean. */
  static RecordReader ofDefaults() {
    return new RecordReader(false);
  }

  /**
   * A record from its tree.
   *
   * @throws IllegalArgumentException naming the path when a key is missing, unknown or of the wrong
   *     type, or when values contradict each other
   */
  public <T extends Record> T read(Class<T> type, Map<String, Object> tree) {
    return type.cast(record(type, tree, ""));
  }

  /** The value of one key. */
  Object component(Keys.Component key, Object value, String path) {
    boolean empty = !complete && !key.key().empty().isEmpty() && key.key().empty().equals(value);
    return empty ? Optional.empty() : value(key.type(), value, path);
  }

  private Object value(Type type, Object value, String path) {
    if (type instanceof ParameterizedType generic) {
      return generic(generic, value, path);
    }
    Class<?> raw = (Class<?>) type;
    if (raw == Object.class) {
      return value instanceof Integer n ? (Object) n.longValue() : value;
    } else if (raw.isRecord()) {
      return record(raw, mapping(meant(raw, value), path), path);
    } else if (Keys.isUnion(raw)) {
      return kind(raw, mapping(meant(raw, value), path), path);
    } else if (raw.isEnum()) {
      return constant(raw, value, path);
    } else if (raw == String.class) {
      return expect(String.class, value, path);
    } else if (raw == boolean.class || raw == Boolean.class) {
      return expect(Boolean.class, value, path);
    } else if (raw == Duration.class) {
      return duration(value, path);
    }
    return number(raw, expect(Number.class, value, path), path);
  }

  private Object duration(Object value, String path) {
    if (!complete && value instanceof String written) {
      return Durations.parse(written).orElseThrow();
    }
    return Duration.ofMillis(Math.round(expect(Number.class, value, path).doubleValue() * 1000));
  }

  /** The mapping that a word stands for, in a default. */
  private Object meant(Class<?> raw, Object value) {
    if (complete || !(value instanceof String word)) {
      return value;
    }
    if (Keys.isUnion(raw)) {
      return Map.of("kind", word);
    }
    for (Word known : raw.getAnnotationsByType(Word.class)) {
      if (known.value().equals(word)) {
        return Notation.parse(known.means());
      }
    }
    return value;
  }

  private static Object number(Class<?> raw, Number n, String path) {
    if (raw == double.class || raw == Double.class) {
      return n.doubleValue();
    }
    double x = n.doubleValue();
    long integer = n.longValue();
    boolean narrow = raw == int.class || raw == Integer.class;
    if (x != Math.rint(x) || (narrow && integer != (int) integer)) {
      throw new IllegalArgumentException(path + " must be an integer, got " + n);
    }
    return narrow ? (Object) (int) integer : (Object) integer;
  }

  private Object generic(ParameterizedType type, Object value, String path) {
    Type[] arguments = type.getActualTypeArguments();
    if (type.getRawType() == Optional.class) {
      return Optional.ofNullable(value).map(v -> value(arguments[0], v, path));
    }
    if (type.getRawType() == List.class) {
      List<Object> out = new ArrayList<>();
      boolean single = !complete && !(value instanceof List);
      for (Object item : single ? List.of(value) : expect(List.class, value, path)) {
        out.add(value(arguments[0], item, path + "[" + out.size() + "]"));
      }
      return List.copyOf(out);
    }
    Map<String, Object> out = new LinkedHashMap<>();
    mapping(value, path)
        .forEach((key, item) -> out.put(key, value(arguments[1], item, path + "." + key)));
    return out;
  }

  private Object kind(Class<?> union, Map<String, Object> tree, String path) {
    Class<? extends Record> known = Keys.kinds(union).get(tree.get("kind"));
    if (known == null) {
      throw new UnknownKind(path + ".kind is unknown: " + tree.get("kind"));
    }
    Map<String, Object> rest = new LinkedHashMap<>(tree);
    rest.remove("kind");
    return record(known, rest, path);
  }

  private static Object constant(Class<?> raw, Object value, String path) {
    for (Object constant : raw.getEnumConstants()) {
      if (Keys.word((Enum<?>) constant).equals(value)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(path + " has the unknown value " + value);
  }

  private Object record(Class<?> raw, Map<String, Object> tree, String path) {
    Map<String, Object> unknown = new LinkedHashMap<>(tree);
    Map<String, Object> values = new LinkedHashMap<>();
    for (Keys.Component key : Keys.components(raw)) {
      String at = path.isEmpty() ? key.name() : path + "." + key.name();
      if (tree.containsKey(key.name())) {
        values.put(key.name(), component(key, unknown.remove(key.name()), at));
      } else if (key.isYoung() || !complete) {
        values.put(key.name(), Defaults.of(key));
      } else {
        throw new IllegalArgumentException(at + " is missing");
      }
    }
    Gone gone = raw.getAnnotation(Gone.class);
    if (gone != null) {
      unknown.keySet().removeAll(List.of(gone.value()));
    }
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          (path.isEmpty() ? "configuration" : path) + " has unknown keys: " + unknown.keySet());
    }
    return Keys.construct(raw.asSubclass(Record.class), values);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> mapping(Object value, String path) {
    return expect(Map.class, value, path);
  }

  private static <T> T expect(Class<T> type, Object value, String path) {
    if (!type.isInstance(value)) {
      String found = value == null ? "nothing" : value.toString();
      throw new IllegalArgumentException(
          path + " must be a " + type.getSimpleName().toLowerCase(Locale.ROOT) + ", got " + found);
    }
    return type.cast(value);
  }
}
