package dev.emergence.plan;

import dev.emergence.spec.Key;
import dev.emergence.spec.Keys;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Spec records as trees of maps, lists, strings, numbers and booleans, under their YAML names, and
 * back. Every value is written, the defaults too; an absent one is null.
 */
public final class SpecTree {
  private SpecTree() {}

  /** All of a record. */
  public static Map<String, Object> of(Record record) {
    return record(record, false);
  }

  /** What decides the result: the components whose {@link Key#identity} is true, at every depth. */
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
    return type.cast(readRecord(type, tree, ""));
  }

  private static Map<String, Object> record(Record record, boolean identityOnly) {
    Map<String, Object> out = new LinkedHashMap<>();
    if (!Keys.kindOf(record).isEmpty()) {
      out.put("kind", Keys.kindOf(record));
    }
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Key key = component.getAnnotation(Key.class);
      if (identityOnly && key != null && !key.identity()) {
        continue;
      }
      out.put(Keys.snake(component.getName()), tree(valueOf(component, record), identityOnly));
    }
    return out;
  }

  private static Object valueOf(RecordComponent component, Record record) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
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

  private static Object read(Type type, Object value, String path) {
    if (type instanceof ParameterizedType generic) {
      return readGeneric(generic, value, path);
    }
    Class<?> raw = (Class<?>) type;
    if (raw == Object.class) {
      return value instanceof Integer n ? (Object) n.longValue() : value;
    } else if (raw.isRecord()) {
      return readRecord(raw, mapping(value, path), path);
    } else if (raw.isSealed()) {
      return readKind(raw, mapping(value, path), path);
    } else if (raw.isEnum()) {
      return readEnum(raw, value, path);
    } else if (raw == String.class) {
      return expect(String.class, value, path);
    } else if (raw == boolean.class || raw == Boolean.class) {
      return expect(Boolean.class, value, path);
    } else if (raw == Duration.class) {
      return Duration.ofMillis(Math.round(expect(Number.class, value, path).doubleValue() * 1000));
    }
    return readNumber(raw, expect(Number.class, value, path), path);
  }

  private static Object readNumber(Class<?> raw, Number n, String path) {
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

  private static Object readGeneric(ParameterizedType type, Object value, String path) {
    Type[] arguments = type.getActualTypeArguments();
    if (type.getRawType() == Optional.class) {
      return Optional.ofNullable(value).map(v -> read(arguments[0], v, path));
    }
    if (type.getRawType() == List.class) {
      List<Object> out = new ArrayList<>();
      for (Object item : expect(List.class, value, path)) {
        out.add(read(arguments[0], item, path + "[" + out.size() + "]"));
      }
      return List.copyOf(out);
    }
    Map<String, Object> out = new LinkedHashMap<>();
    mapping(value, path)
        .forEach((key, item) -> out.put(key, read(arguments[1], item, path + "." + key)));
    return out;
  }

  private static Object readKind(Class<?> sealed, Map<String, Object> tree, String path) {
    Class<? extends Record> permitted = Keys.kinds(sealed).get(tree.get("kind"));
    if (permitted == null) {
      throw new IllegalArgumentException(path + ".kind is unknown: " + tree.get("kind"));
    }
    Map<String, Object> rest = new LinkedHashMap<>(tree);
    rest.remove("kind");
    return readRecord(permitted, rest, path);
  }

  private static Object readEnum(Class<?> raw, Object value, String path) {
    for (Object constant : raw.getEnumConstants()) {
      if (Keys.word((Enum<?>) constant).equals(value)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(path + " has the unknown value " + value);
  }

  private static Object readRecord(Class<?> raw, Map<String, Object> tree, String path) {
    RecordComponent[] components = raw.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] arguments = new Object[components.length];
    int known = 0;
    for (int i = 0; i < components.length; i++) {
      String key = Keys.snake(components[i].getName());
      String at = path.isEmpty() ? key : path + "." + key;
      types[i] = components[i].getType();
      // What may be absent may have been unknown to the version that wrote the tree.
      if (!tree.containsKey(key) && types[i] != Optional.class) {
        throw new IllegalArgumentException(at + " is missing");
      }
      known += tree.containsKey(key) ? 1 : 0;
      arguments[i] = read(components[i].getGenericType(), tree.get(key), at);
    }
    if (tree.size() != known) {
      throw new IllegalArgumentException(
          (path.isEmpty() ? "configuration" : path) + " has unknown keys: " + tree.keySet());
    }
    return construct(raw, types, arguments);
  }

  private static Object construct(Class<?> raw, Class<?>[] types, Object[] arguments) {
    try {
      var constructor = raw.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(e.getCause().getMessage(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make a " + raw.getName(), e);
    }
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
