package dev.emergence.spec;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The YAML names of the records: the one place that walks them by reflection, so that reader, JSON
 * Schema, reference page, symbols and run identity cannot disagree.
 */
public final class Keys {
  private static final Map<Class<?>, List<Component>> COMPONENTS = new ConcurrentHashMap<>();
  private static final Map<Class<?>, Map<String, Class<? extends Record>>> KINDS =
      new ConcurrentHashMap<>();

  private Keys() {}

  /**
   * One key of a record.
   *
   * @param name as written in YAML: the component's name in snake_case
   * @param key what it means
   * @param type its Java type, with type arguments
   */
  public record Component(String name, Key key, Type type, RecordComponent component) {
    /** The component's value in {@code owner}. */
    public Object of(Record owner) {
      try {
        return component.getAccessor().invoke(owner);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("cannot read " + name + " of " + owner.getClass(), e);
      }
    }
  }

  /**
   * The keys of a record class, in the order of its components; those without a {@link Key} are no
   * YAML keys.
   */
  public static List<Component> of(Class<?> record) {
    return COMPONENTS.computeIfAbsent(record, Keys::read);
  }

  private static List<Component> read(Class<?> record) {
    List<Component> keys = new ArrayList<>();
    for (RecordComponent c : record.getRecordComponents()) {
      Key key = c.getAnnotation(Key.class);
      if (key != null) {
        c.getAccessor().setAccessible(true);
        keys.add(new Component(snake(c.getName()), key, c.getGenericType(), c));
      }
    }
    return List.copyOf(keys);
  }

  /**
   * The records that a sealed interface permits, by the word after {@code kind:}, in the order of
   * their declaration.
   */
  public static Map<String, Class<? extends Record>> kinds(Class<?> union) {
    return KINDS.computeIfAbsent(union, Keys::readKinds);
  }

  private static Map<String, Class<? extends Record>> readKinds(Class<?> union) {
    Map<String, Class<? extends Record>> kinds = new LinkedHashMap<>();
    for (Class<?> c : union.getPermittedSubclasses()) {
      kinds.put(c.getAnnotation(Kind.class).value(), c.asSubclass(Record.class));
    }
    return Collections.unmodifiableMap(kinds);
  }

  /**
   * The word after {@code kind:} that selects {@code value}'s class, or empty for a record that is
   * no kind of anything.
   */
  public static String kindOf(Record value) {
    Kind kind = value.getClass().getAnnotation(Kind.class);
    return kind == null ? "" : kind.value();
  }

  /** An enum constant as written in YAML. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * {@code headDim} to {@code head_dim}; an underscore at the end, which avoids a Java keyword, is
   * dropped.
   */
  public static String snake(String camel) {
    StringBuilder out = new StringBuilder();
    for (char c : camel.toCharArray()) {
      if (Character.isUpperCase(c)) {
        out.append('_');
      }
      out.append(Character.toLowerCase(c));
    }
    return out.charAt(out.length() - 1) == '_'
        ? out.substring(0, out.length() - 1)
        : out.toString();
  }
}
