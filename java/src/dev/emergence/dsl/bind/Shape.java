package dev.emergence.dsl.bind;

import dev.emergence.dsl.yaml.Node;
import dev.emergence.spec.Key;
import dev.emergence.spec.Keys;
import dev.emergence.spec.Kinds;
import dev.emergence.spec.Word;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What may stand under a key, derived from the records by reflection. Reader, merge, schema and
 * reference page all walk shapes.
 */
public sealed interface Shape {
  /** A mapping with fixed keys. */
  record Rec(Class<? extends Record> type, Map<String, Field> fields) implements Shape {
    /** Words that may stand for the whole mapping. */
    public List<Word> words() {
      return List.of(type.getAnnotationsByType(Word.class));
    }
  }

  /**
   * A mapping whose {@code kind} decides its other keys.
   *
   * @param name of the sealed interface, in snake_case
   */
  record Union(String name, Map<String, Rec> kinds, String defaultKind) implements Shape {
    /** The kind that {@code mapping} names, else the default; empty when neither is known. */
    public Optional<Rec> of(Node.Mapping mapping) {
      return Optional.ofNullable(
          kinds.get(mapping.get("kind") == null ? defaultKind : mapping.text("kind")));
    }
  }

  /** A mapping with names (or, for axes, paths) as keys. */
  record MapOf(Shape value, boolean atomicEntries, boolean pathKeys) implements Shape {}

  /** A list, or one item in place of a list of one. */
  record ListOf(Shape item) implements Shape {}

  /** A value, or a word that stands for its absence; the word is empty when there is none. */
  record Opt(Shape of, String word) implements Shape {}

  /**
   * A number.
   *
   * @param share whether it may be written in percent
   * @param atMost paths of numbers that bound it, for messages
   */
  record Num(
      boolean whole, Class<?> type, double min, double max, boolean share, List<String> atMost)
      implements Shape {
    private static Num of(boolean whole, Class<?> type, Key key) {
      return new Num(
          whole, type, key.min(), key.max(), key.unit().equals("share"), List.of(key.atMost()));
    }
  }

  /** A yes or no. */
  record Switch() implements Shape {}

  /** One of the constants of an enum. */
  record Words(Class<? extends Enum<?>> type) implements Shape {}

  /** A length of time. */
  record Time() implements Shape {}

  /** Free text. */
  record Text() implements Shape {}

  /** A number, word or switch whose type is its own. */
  record Any() implements Shape {}

  /**
   * A part of an experiment file, bound only after it was merged into the file; {@code dotted}
   * allows paths as keys.
   */
  record Part(boolean dotted) implements Shape {}

  /** The values of one axis of a sweep. */
  record Axis() implements Shape {}

  /**
   * One key of a {@link Rec}. Its annotation is read once: reading annotations is slow, and every
   * condition of a sweep is bound.
   */
  final class Field {
    private final String name;
    private final Key key;
    private final Shape shape;
    private final String fallback;
    private volatile Object bound;

    Field(String name, Key key, Shape shape) {
      this.name = name;
      this.key = key;
      this.shape = shape;
      this.fallback = key.value();
    }

    public String name() {
      return name;
    }

    public Key key() {
      return key;
    }

    public Shape shape() {
      return shape;
    }

    public boolean required() {
      return fallback.equals(Key.REQUIRED);
    }

    /** The default in YAML notation; empty when the key may be absent or must be written. */
    public Optional<Node> fallback() {
      return required() || fallback.equals(Key.ABSENT)
          ? Optional.empty()
          : Optional.of(Defaults.parse(fallback));
    }

    /** The default as a value, made by {@code bind} the first time. */
    public Object fallback(java.util.function.Function<Node, Object> bind) {
      Object value = bound;
      if (value == null) {
        value = fallback().map(bind).orElse(Optional.empty());
        bound = value;
      }
      return value;
    }
  }

  /** Records already looked at. */
  Map<Class<?>, Rec> RECORDS = new ConcurrentHashMap<>();

  /** The shape of a record class. */
  public static Rec of(Class<? extends Record> type) {
    Rec known = RECORDS.get(type);
    if (known == null) {
      Map<String, Field> fields = new LinkedHashMap<>();
      for (Keys.Component c : Keys.of(type)) {
        fields.put(c.name(), new Field(c.name(), c.key(), of(c.type(), c.key())));
      }
      known = new Rec(type, fields);
      RECORDS.put(type, known);
    }
    return known;
  }

  private static Shape of(Type type, Key key) {
    if (type instanceof ParameterizedType p) {
      Type[] arguments = p.getActualTypeArguments();
      if (p.getRawType() == Map.class) {
        return new MapOf(
            of(arguments[1], key),
            key.atomic() || arguments[1] == AxisSpec.class,
            arguments[1] == AxisSpec.class);
      }
      Shape inner = of(arguments[0], key);
      return p.getRawType() == List.class ? new ListOf(inner) : new Opt(inner, key.empty());
    }
    Class<?> c = (Class<?>) type;
    if (c.isEnum()) {
      @SuppressWarnings("unchecked")
      Class<? extends Enum<?>> words = (Class<? extends Enum<?>>) c;
      return new Words(words);
    }
    if (Keys.isUnion(c)) {
      return union(c, key);
    }
    return c.isRecord() && c != PartSpec.class && c != AxisSpec.class
        ? of(c.asSubclass(Record.class))
        : leaf(c, key);
  }

  private static Union union(Class<?> type, Key key) {
    Map<String, Rec> kinds = new LinkedHashMap<>();
    Keys.kinds(type).forEach((kind, record) -> kinds.put(kind, of(record)));
    String fallback = key.value();
    Kinds listed = type.getAnnotation(Kinds.class);
    String standard = listed == null ? "" : listed.standard();
    String kind =
        fallback.startsWith("{kind: ")
            ? fallback.substring(7, fallback.indexOf('}')).strip()
            : standard;
    return new Union(Keys.snake(type.getSimpleName()).substring(1), kinds, kind);
  }

  private static Shape leaf(Class<?> c, Key key) {
    if (c == int.class || c == long.class || c == Integer.class || c == Long.class) {
      return Num.of(true, c, key);
    }
    if (c == double.class || c == Double.class) {
      return Num.of(false, c, key);
    }
    if (c == boolean.class || c == Boolean.class) {
      return new Switch();
    }
    if (c == PartSpec.class) {
      return new Part(key.unit().equals("path"));
    }
    if (c == AxisSpec.class) {
      return new Axis();
    }
    if (c == Duration.class) {
      return new Time();
    }
    if (c == Object.class) {
      return new Any();
    }
    if (c == String.class) {
      return new Text();
    }
    throw new IllegalArgumentException("no YAML form for " + c);
  }
}
