package dev.emergence.dsl.page;

import dev.emergence.dsl.SpecReader;
import dev.emergence.dsl.bind.Axes;
import dev.emergence.dsl.bind.ExperimentFile;
import dev.emergence.dsl.bind.Shape;
import dev.emergence.dsl.bind.ShortForms;
import dev.emergence.spec.Key;
import dev.emergence.spec.Keys;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.Word;
import dev.emergence.spec.expr.Symbols;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON Schema (draft 2020-12) of experiment files, for editors: names, types, ranges, words,
 * defaults and documentation of every key, derived from the records. What it cannot say, and {@link
 * SpecReader} does: rules between keys, names that must exist, formulas, and keys that other files
 * must provide. It therefore requires no key that a base file or a sweep might give.
 */
public final class SchemaWriter {
  /** What experiment files call this schema. */
  public static final String FILE_NAME = "experiment.v" + ExperimentFile.VERSION + ".schema.json";

  private final Map<String, Object> definitions = new LinkedHashMap<>();

  private SchemaWriter() {}

  /** The schema as indented JSON. */
  public static String write() {
    return JsonMapper.builder()
            .build()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(new SchemaWriter().schema())
        + "\n";
  }

  private Map<String, Object> schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("$id", "urn:emergence:experiment:v" + ExperimentFile.VERSION);
    schema.put("title", "Emergence experiment, dsl " + ExperimentFile.VERSION);
    schema.putAll(file());
    Map<String, Object> inherits = Map.of("required", List.of("extends"));
    Map<String, Object> isAbstract =
        SchemaParts.map(
            "properties",
            Map.of("abstract", Map.of("const", true)),
            "required",
            List.of("abstract"));
    schema.put("required", List.of("dsl"));
    schema.put("if", isAbstract);
    schema.put(
        "else",
        SchemaParts.map(
            "required",
            List.of("name"),
            "anyOf",
            List.of(inherits, Map.of("required", List.of("task")))));
    schema.put("$defs", definitions);
    return schema;
  }

  /**
   * A reference to a definition, which is made the first time; a definition may refer to itself.
   */
  private Map<String, Object> reference(String name, Supplier<Map<String, Object>> make) {
    if (!definitions.containsKey(name)) {
      definitions.put(name, Map.of());
      definitions.put(name, make.get());
    }
    return SchemaParts.map("$ref", "#/$defs/" + name);
  }

  private Map<String, Object> file() {
    return reference("file", () -> properties(Shape.of(ExperimentFile.class), ""));
  }

  /** A mapping with the keys of {@code rec}, none of them required: a base file may give any. */
  private Map<String, Object> properties(Shape.Rec rec, String kind) {
    Map<String, Object> properties = new LinkedHashMap<>();
    if (!kind.isEmpty()) {
      properties.put("kind", Map.of("const", kind));
    }
    rec.fields().forEach((name, field) -> properties.put(name, field(field)));
    return SchemaParts.map(
        "type", "object", "properties", properties, "additionalProperties", false);
  }

  private Map<String, Object> field(Shape.Field field) {
    Map<String, Object> schema = new LinkedHashMap<>();
    Key key = field.key();
    schema.put("description", key.doc() + unit(key));
    field.fallback().map(SchemaParts::value).ifPresent(value -> schema.put("default", value));
    boolean isDefinite = field.name().equals("dsl") || field.name().equals("name");
    schema.putAll(isDefinite ? value(field.shape()) : SchemaParts.orNull(value(field.shape())));
    return schema;
  }

  private static String unit(Key key) {
    boolean told = key.unit().isEmpty() || key.unit().equals("path") || key.unit().equals("share");
    return told ? "" : " In " + key.unit() + ".";
  }

  private Map<String, Object> value(Shape shape) {
    if (shape instanceof Shape.Opt opt) {
      return opt.word().isEmpty()
          ? value(opt.of())
          : SchemaParts.anyOf(value(opt.of()), Map.of("const", opt.word()));
    }
    if (shape instanceof Shape.Rec rec) {
      return record(rec);
    }
    if (shape instanceof Shape.Union union) {
      Map<String, Object> mapping = reference(union.name(), () -> union(union));
      List<String> words =
          union.kinds().entrySet().stream()
              .filter(kind -> ShortForms.isComplete(kind.getValue()))
              .map(Map.Entry::getKey)
              .toList();
      return words.isEmpty() ? mapping : SchemaParts.anyOf(mapping, Map.of("enum", words));
    }
    if (shape instanceof Shape.MapOf map) {
      return named(map);
    }
    if (shape instanceof Shape.ListOf list) {
      Map<String, Object> item = value(list.item());
      return SchemaParts.anyOf(SchemaParts.map("type", "array", "items", item), item);
    }
    if (shape instanceof Shape.Part part) {
      return part.dotted() ? reference("settings", this::settings) : file();
    }
    return shape instanceof Shape.Axis ? reference("axis", this::axis) : SchemaParts.scalar(shape);
  }

  private Map<String, Object> record(Shape.Rec rec) {
    Map<String, Object> mapping = reference(name(rec.type()), () -> properties(rec, ""));
    List<String> words = rec.words().stream().map(Word::value).toList();
    Map<String, Object> written =
        words.isEmpty() ? mapping : SchemaParts.anyOf(mapping, SchemaParts.map("enum", words));
    return ShortForms.shortKey(rec)
        .map(key -> SchemaParts.anyOf(written, value(rec.fields().get(key).shape())))
        .orElse(written);
  }

  /** The class's name with the one around it, since inner names repeat. */
  private static String name(Class<?> type) {
    Class<?> outer = type.getDeclaringClass();
    String own = Keys.snake(type.getSimpleName()).substring(1);
    return outer == null ? own : name(outer) + "." + own;
  }

  /** With a kind, its keys; without one, the keys of any, since a base file may say the kind. */
  private Map<String, Object> union(Shape.Union union) {
    List<Object> rules = new ArrayList<>();
    Map<String, Object> any = new LinkedHashMap<>();
    union
        .kinds()
        .forEach(
            (kind, rec) -> {
              rules.add(
                  SchemaParts.map(
                      "if",
                      SchemaParts.map(
                          "properties",
                          Map.of("kind", Map.of("const", kind)),
                          "required",
                          List.of("kind")),
                      "then",
                      properties(rec, kind)));
              rec.fields()
                  .forEach(
                      (name, field) ->
                          any.merge(
                              name,
                              field(field),
                              (a, b) -> a.equals(b) ? a : SchemaParts.anyOf(cast(a), cast(b))));
            });
    any.put(
        "kind",
        SchemaParts.map(
            "description", "Decides the other keys.", "enum", List.copyOf(union.kinds().keySet())));
    return SchemaParts.map(
        "type", "object", "properties", any, "additionalProperties", false, "allOf", rules);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> cast(Object schema) {
    return (Map<String, Object>) schema;
  }

  private Map<String, Object> named(Shape.MapOf map) {
    Map<String, Object> value = value(map.value());
    if (map.pathKeys()) {
      return reference("axes", () -> paths(value));
    }
    return SchemaParts.map("type", "object", "additionalProperties", SchemaParts.orNull(value));
  }

  /**
   * Paths of a configuration and the papers' symbols. By patterns those of the file's own test sets
   * and thresholds, and names without points: last parts of paths and the file's own symbols.
   */
  private static Map<String, Object> paths(Map<String, Object> value) {
    Map<String, Object> known = new LinkedHashMap<>();
    Keys.kinds(TaskSpec.class)
        .keySet()
        .forEach(
            task -> {
              Symbols symbols = Symbols.of(task, Map.of());
              new TreeSet<>(symbols.paths()).forEach(path -> known.put(path, value));
              symbols.official().forEach(symbol -> known.put(symbol, value));
            });
    Map<String, Object> own =
        SchemaParts.map(
            "^measurement\\.(test_sets|thresholds)\\.[A-Za-z][A-Za-z0-9_-]*\\.[a-z_]+$",
            value,
            "^[A-Za-z][A-Za-z0-9_]*$",
            value);
    return SchemaParts.map(
        "type",
        "object",
        "properties",
        known,
        "patternProperties",
        own,
        "additionalProperties",
        false);
  }

  private Map<String, Object> settings() {
    Map<String, Object> sections = new LinkedHashMap<>();
    Shape.Rec file = Shape.of(ExperimentFile.class);
    ExperimentFile.SECTIONS.forEach(
        name -> sections.put(name, value(file.fields().get(name).shape())));
    Keys.kinds(TaskSpec.class)
        .keySet()
        .forEach(
            task ->
                Symbols.of(task, Map.of())
                    .all()
                    .keySet()
                    .forEach(name -> sections.putIfAbsent(name, Map.of())));
    Map<String, Object> paths =
        SchemaParts.map("^(" + String.join("|", ExperimentFile.SECTIONS) + ")\\.", Map.of());
    return SchemaParts.map(
        "type",
        "object",
        "properties",
        sections,
        "patternProperties",
        paths,
        "additionalProperties",
        false);
  }

  private Map<String, Object> axis() {
    Map<String, Object> single = SchemaParts.scalar(new Shape.Any());
    Map<String, Object> range = properties(Shape.of(Axes.Range.class), "");
    range.put("required", List.of("from", "to"));
    return SchemaParts.anyOf(
        SchemaParts.map("type", "array", "items", single, "minItems", 1),
        range,
        single,
        Map.of("type", "null"));
  }
}
