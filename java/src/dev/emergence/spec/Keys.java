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
  private static final Map<Class<?>, List<Component>> KEYS = new ConcurrentHashMap<>();
  private static final Map<Class<?>, Map<String, Class<? extends Record>>> KINDS =
      new ConcurrentHashMap<>();

  private Keys() {}

  /** What a component without an annotation is taken to have. */
  private record Bare(@Key(doc = "") Object value) {}

  private static final Key BARE = Bare.class.getRecordComponents()[0].getAnnotation(Key.class);

  /**
   * One key of a record.
   *
   * @param name as written in YAML: the component's name in snake_case
   * @param key what it means
   * @param type its Java type, with type arguments
   * @param steps from the record to the value: the component, after those that are {@link Inline}
   */
  public record Component(String name, Key key, Type type, List<RecordComponent> steps) {
    /** The component's value in {@code owner}. */
    public Object of(Record owner) {
      Object at = owner;
      for (RecordComponent step : steps) {
        try {
          at = step.getAccessor().invoke(at);
        } catch (IllegalAccessException | InvocationTargetException e) {
          throw new IllegalStateException("cannot read " + name + " of " + owner.getClass(), e);
        }
      }
      return at;
    }

    /** Whether stored files may lack it: see {@link Key#since}. */
    public boolean isYoung() {
      return key.since() > 1;
    }

    private boolean isKey() {
      return key != BARE;
    }
  }

  /**
   * The keys of a record class, in the order of its components, those of {@link Inline} components
   * among them; components without a {@link Key} are no YAML keys.
   */
  public static List<Component> of(Class<?> record) {
    return KEYS.computeIfAbsent(
        record, r -> components(r).stream().filter(Component::isKey).toList());
  }

  /** As {@link #of}, with the components that are no YAML keys. */
  public static List<Component> components(Class<?> record) {
    List<Component> known = COMPONENTS.get(record);
    if (known == null) {
      List<Component> found = new ArrayList<>();
      read(record, List.of(), found);
      known = List.copyOf(found);
      COMPONENTS.put(record, known);
    }
    return known;
  }

  private static void read(Class<?> record, List<RecordComponent> before, List<Component> to) {
    for (RecordComponent c : record.getRecordComponents()) {
      c.getAccessor().setAccessible(true);
      List<RecordComponent> steps = new ArrayList<>(before);
      steps.add(c);
      Key key = c.getAnnotation(Key.class);
      if (c.isAnnotationPresent(Inline.class)) {
        read(c.getType(), steps, to);
      } else {
        to.add(
            new Component(
                snake(c.getName()),
                key == null ? BARE : key,
                c.getGenericType(),
                List.copyOf(steps)));
      }
    }
  }

  /**
   * A record from the values of its components.
   *
   * @param values by name, one for each of {@link #components}
   * @throws RuntimeException what the record's constructor throws when values contradict each other
   */
  public static Record construct(Class<? extends Record> type, Map<String, Object> values) {
    return Construction.of(type).make(values);
  }

  /** Whether a value of this type is one of several records, told apart by {@code kind}. */
  public static boolean isUnion(Class<?> type) {
    return type.isSealed() || type.isAnnotationPresent(Kinds.class);
  }

  /**
   * The records of a union, by the word after {@code kind:}: those that a sealed interface permits,
   * or that its {@link Kinds} list, in that order.
   */
  public static Map<String, Class<? extends Record>> kinds(Class<?> union) {
    return KINDS.computeIfAbsent(union, Keys::readKinds);
  }

  /** The records of a union but those that plug-ins add. */
  static List<Class<?>> own(Class<?> union) {
    Kinds listed = union.getAnnotation(Kinds.class);
    return List.of(listed == null ? union.getPermittedSubclasses() : listed.value());
  }

  private static Map<String, Class<? extends Record>> readKinds(Class<?> union) {
    Map<String, Class<? extends Record>> kinds = new LinkedHashMap<>();
    for (Class<?> c : own(union)) {
      kinds.put(c.getAnnotation(Kind.class).value(), c.asSubclass(Record.class));
    }
    boolean open = union.isAnnotationPresent(Kinds.class);
    for (Extension extension : open ? Extensions.all() : List.<Extension>of()) {
      Class<? extends Record> spec = extension.spec();
      String word = spec.getAnnotation(Kind.class).value();
      if (union.isAssignableFrom(spec) && kinds.putIfAbsent(word, spec) != null) {
        throw PluginFailure.unusable(
            extension.getClass(),
            "its kind is called "
                + word
                + ", as "
                + PluginFailure.described(kinds.get(word))
                + " is; files would not know which is meant");
      }
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
