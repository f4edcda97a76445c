package dev.emergence.spec;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How a record is made from the values of its components. It is found once for each class, because
 * Java parses annotations anew for each look, and a large folder stores many thousand runs.
 *
 * @param arguments of the constructor, in its order
 */
record Construction(Constructor<? extends Record> constructor, List<Argument> arguments) {
  private static final Map<Class<?>, Construction> KNOWN = new ConcurrentHashMap<>();

  /** The value of this name, or a record of values when the component is {@link Inline}. */
  private record Argument(String name, Optional<Class<? extends Record>> inline) {
    Object from(Map<String, Object> values) {
      return inline.isPresent() ? of(inline.get()).make(values) : values.get(name);
    }
  }

  static Construction of(Class<? extends Record> type) {
    Construction known = KNOWN.get(type);
    return known == null ? KNOWN.computeIfAbsent(type, t -> read(type)) : known;
  }

  private static Construction read(Class<? extends Record> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    List<Argument> arguments = new ArrayList<>();
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      Optional<Class<? extends Record>> inline =
          components[i].isAnnotationPresent(Inline.class)
              ? Optional.of(types[i].asSubclass(Record.class))
              : Optional.empty();
      arguments.add(new Argument(Keys.snake(components[i].getName()), inline));
    }
    try {
      Constructor<? extends Record> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return new Construction(constructor, List.copyOf(arguments));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("cannot make a " + type.getName(), e);
    }
  }

  /**
   * The record.
   *
   * @throws RuntimeException what its constructor throws when values contradict each other
   */
  Record make(Map<String, Object> values) {
    Object[] given = arguments.stream().map(argument -> argument.from(values)).toArray();
    try {
      return constructor.newInstance(given);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make a " + constructor.getName(), e);
    }
  }
}
