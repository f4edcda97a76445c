package dev.emergence.spec;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The defaults written in the records' {@link Key}s, as values. */
public final class Defaults {
  private static final Map<Keys.Component, Object> KNOWN = new ConcurrentHashMap<>();

  private Defaults() {}

  /**
   * The value that a key has where it is not written.
   *
   * @throws IllegalArgumentException when it must be written
   */
  public static Object of(Keys.Component key) {
    Object known = KNOWN.get(key);
    if (known == null) {
      known = make(key);
      KNOWN.put(key, known);
    }
    return known;
  }

  private static Object make(Keys.Component key) {
    String written = key.key().value();
    if (written.equals(Key.REQUIRED)) {
      throw new IllegalArgumentException(key.name() + " has no default");
    }
    if (written.equals(Key.ABSENT)) {
      return absent(key.type());
    }
    return RecordReader.ofDefaults().component(key, Notation.parse(written), key.name());
  }

  private static Object absent(Type type) {
    Type raw = type instanceof ParameterizedType generic ? generic.getRawType() : type;
    if (raw == Optional.class) {
      return Optional.empty();
    }
    return raw == List.class ? (Object) List.of() : Map.of();
  }

  /**
   * A record with every key at its default but those given.
   *
   * @param set values of the record's own Java types, by YAML name
   * @throws IllegalArgumentException when a key is unknown, or one without a default is not given
   */
  public static <T extends Record> T with(Class<T> type, Map<String, Object> set) {
    return make(type, set, Defaults::of);
  }

  /**
   * The same record but for some keys.
   *
   * @param set values of the record's own Java types, by YAML name
   * @throws IllegalArgumentException when a key is unknown
   */
  @SuppressWarnings("unchecked")
  public static <T extends Record> T change(T record, Map<String, Object> set) {
    return (T) make(record.getClass(), set, key -> key.of(record));
  }

  private static <T extends Record> T make(
      Class<T> type, Map<String, Object> set, Function<Keys.Component, Object> others) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Keys.Component key : Keys.of(type)) {
      Object value = set.get(key.name());
      values.put(key.name(), value == null ? others.apply(key) : value);
    }
    for (String name : set.keySet()) {
      if (!values.containsKey(name)) {
        throw new IllegalArgumentException(
            "unknown key '" + name + "'; known: " + String.join(", ", values.keySet()));
      }
    }
    return type.cast(Keys.construct(type, values));
  }
}
