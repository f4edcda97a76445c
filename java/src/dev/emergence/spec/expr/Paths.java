package dev.emergence.spec.expr;

import dev.emergence.spec.Keys;
import dev.emergence.spec.RunConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values of a configuration by dotted path, {@code training.optimizer.learning_rate}. */
public final class Paths {
  private Paths() {}

  /**
   * The value at {@code path}: Long for integers, Double, Boolean, or String for words; empty when
   * there is no such key or it is unset. A list of one item has the paths of that item, as in
   * files.
   */
  public static Optional<Object> value(RunConfig config, String path) {
    return valueIn(config, path);
  }

  /**
   * As {@link #value(RunConfig, String)}.
   *
   * @param sections parts of a configuration by name
   */
  public static Optional<Object> value(Map<String, Object> sections, String path) {
    return valueIn(sections, path);
  }

  private static Optional<Object> valueIn(Object root, String path) {
    Object at = root;
    for (String key : path.split("\\.")) {
      at = step(at, key);
      if (at == null) {
        return Optional.empty();
      }
    }
    return simple(at);
  }

  private static Object step(Object at, String key) {
    if (at instanceof Optional<?> optional) {
      return optional.isEmpty() ? null : step(optional.get(), key);
    }
    if (at instanceof Map<?, ?> map) {
      // A family of thresholds is stored as its members, which all have its level.
      return map.containsKey(key) ? map.get(key) : map.get(key + ".first");
    }
    if (at instanceof List<?> list && list.size() == 1) {
      return step(list.get(0), key);
    }
    if (!(at instanceof Record record)) {
      return null;
    }
    if (key.equals("kind") && !Keys.kindOf(record).isEmpty()) {
      return Keys.kindOf(record);
    }
    return Keys.of(record.getClass()).stream()
        .filter(c -> c.name().equals(key))
        .findFirst()
        .map(c -> c.of(record))
        .orElse(null);
  }

  private static Optional<Object> simple(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.flatMap(Paths::simple);
    }
    if (value instanceof Integer || value instanceof Long) {
      return Optional.of(((Number) value).longValue());
    }
    if (value instanceof Enum<?> word) {
      return Optional.of(Keys.word(word));
    }
    boolean single = value instanceof Double || value instanceof Boolean || value instanceof String;
    return single ? Optional.of(value) : Optional.empty();
  }

  /** A simple value as a number, switches as 0 and 1. */
  public static Optional<Double> number(Object value) {
    if (value instanceof Boolean flag) {
      return Optional.of(flag ? 1.0 : 0.0);
    }
    return value instanceof Number n ? Optional.of(n.doubleValue()) : Optional.empty();
  }

  /** Whether two simple values are the same; 1 and 1.0 are. */
  public static boolean same(Object a, Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      return x.doubleValue() == y.doubleValue();
    }
    return a.equals(b);
  }
}
