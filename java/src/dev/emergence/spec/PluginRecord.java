package dev.emergence.spec;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the record of a plug-in must be for files to speak of it. It is looked at when the plug-in
 * is found: its author is told at once, and nobody who uses only some of its keys is surprised.
 */
final class PluginRecord {
  private static final Set<Class<?>> SINGLE =
      Set.of(
          int.class,
          Integer.class,
          long.class,
          Long.class,
          double.class,
          Double.class,
          boolean.class,
          Boolean.class,
          String.class,
          Duration.class);

  /** What {@code where} and {@code color} may name besides values of a configuration. */
  private static final Map<String, String> NAMES =
      Map.of("seed", "the seed of a run", "variant", "the variant of a condition");

  private final Set<Class<?>> seen = new HashSet<>();
  private final Map<String, String> symbols = new LinkedHashMap<>();

  private PluginRecord() {}

  /**
   * Checks a record and those in it.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static void check(Class<? extends Record> spec) {
    Kind kind = spec.getAnnotation(Kind.class);
    require(kind != null, spec, "it has no @Kind that says what it is called in files");
    require(
        kind.value().matches("[a-z][a-z0-9_]*"),
        spec,
        "its kind '" + kind.value() + "' is no word of lower-case letters, digits and _");
    PluginRecord read = new PluginRecord();
    read.keysOf(spec);
    if (TaskSpec.class.isAssignableFrom(spec)) {
      read.symbols.forEach((symbol, key) -> unlikeOthers(spec, symbol, key));
    }
  }

  /** A law could not say which of the two it means. */
  private static void unlikeOthers(Class<?> spec, String symbol, String key) {
    String other = CommonSymbols.path(symbol).orElse(NAMES.getOrDefault(symbol, ""));
    require(
        other.isEmpty(),
        spec,
        "the symbol "
            + symbol
            + " of "
            + key
            + " stands for "
            + other
            + " in files on every task; choose another one");
  }

  private static void require(boolean holds, Class<?> owner, String what) {
    if (!holds) {
      throw new IllegalArgumentException(owner.getName() + ": " + what);
    }
  }

  private void keysOf(Class<?> record) {
    if (!seen.add(record)) {
      return;
    }
    for (RecordComponent component : record.getRecordComponents()) {
      boolean inline = component.isAnnotationPresent(Inline.class);
      require(
          inline || component.isAnnotationPresent(Key.class),
          record,
          component.getName() + " has no @Key that says what it means");
    }
    for (Keys.Component component : Keys.components(record)) {
      key(record, component);
    }
  }

  private void key(Class<?> record, Keys.Component component) {
    Key key = component.key();
    String name = component.name();
    require(!name.equals("kind"), record, "no key may be called kind, which says what it is");
    boolean plain = type(record, name, component.type());
    require(key.min() <= key.max(), record, name + " allows no number: min is above max");
    String symbol = key.symbol();
    require(
        symbol.matches("([A-Za-z][A-Za-z0-9_]*)?"),
        record,
        "the symbol '" + symbol + "' of " + name + " is no name of letters, digits and _");
    require(
        symbol.isEmpty() || symbols.putIfAbsent(symbol, name) == null,
        record,
        "the symbol " + symbol + " of " + name + " is that of another key, too");
    if (plain && !key.value().equals(Key.REQUIRED)) {
      standard(record, component);
    }
  }

  /** Whether a type has a form in files, and none in it that other plug-ins may add to. */
  private boolean type(Class<?> record, String name, Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] of = generic.getActualTypeArguments();
      boolean map = generic.getRawType() == Map.class && of[0] == String.class;
      if (map || generic.getRawType() == List.class || generic.getRawType() == Optional.class) {
        return type(record, name, of[of.length - 1]);
      }
    } else if (type instanceof Class<?> raw) {
      if (SINGLE.contains(raw) || raw.isEnum()) {
        return true;
      } else if (Keys.isUnion(raw)) {
        return !raw.isAnnotationPresent(Kinds.class);
      } else if (raw.isRecord()) {
        keysOf(raw);
        return true;
      }
    }
    throw new IllegalArgumentException(
        record.getName()
            + ": "
            + name
            + " is of type "
            + type.getTypeName()
            + ", which has no form in files; known: int, long, double, boolean, String, Duration,"
            + " enums, records, and List, Optional and Map<String, ...> of them");
  }

  private static void standard(Class<?> record, Keys.Component component) {
    String name = component.name();
    String written = component.key().value();
    boolean many = component.type() instanceof ParameterizedType;
    require(
        many || !written.equals(Key.ABSENT),
        record,
        name + " may be absent, so it must be an Optional, a List or a Map");
    Object value;
    try {
      value = Defaults.of(component);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          record.getName() + ": the default '" + written + "' of " + name + ": " + e.getMessage(),
          e);
    }
    require(
        inRange(component.key(), value),
        record,
        "the default '" + written + "' of " + name + " is out of its range");
  }

  private static boolean inRange(Key key, Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.map(v -> inRange(key, v)).orElse(true);
    } else if (value instanceof Collection<?> many) {
      return many.stream().allMatch(v -> inRange(key, v));
    } else if (value instanceof Map<?, ?> map) {
      return inRange(key, map.values());
    }
    return !(value instanceof Number number)
        || number.doubleValue() >= key.min() && number.doubleValue() <= key.max();
  }
}
