package dev.emergence.dsl.page;

import dev.emergence.dsl.bind.Scalars;
import dev.emergence.dsl.bind.Shape;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pieces that {@link SchemaWriter} builds with. */
final class SchemaParts {
  private static final String PERCENTAGE = "^[0-9.]+%$";

  private SchemaParts() {}

  /** Key and value by turns. */
  static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  /** Null takes an inherited entry away. */
  static Map<String, Object> orNull(Map<String, Object> schema) {
    return anyOf(schema, Map.of("type", "null"));
  }

  /** Any of some schemas; alternatives inside alternatives are flattened. */
  @SafeVarargs
  static Map<String, Object> anyOf(Map<String, Object>... schemas) {
    List<Object> all = new ArrayList<>();
    for (Map<String, Object> schema : schemas) {
      boolean nested = schema.size() == 1 && schema.containsKey("anyOf");
      all.addAll(nested ? (List<?>) schema.get("anyOf") : List.of(schema));
    }
    return map("anyOf", all);
  }

  /** A default as a JSON value. */
  static Object value(Node node) {
    if (node instanceof Node.Mapping m) {
      Map<String, Object> map = new LinkedHashMap<>();
      m.entries().forEach((key, entry) -> map.put(key, value(entry.value())));
      return map;
    }
    if (node instanceof Node.Sequence s) {
      return s.items().stream().map(SchemaParts::value).toList();
    }
    Object value =
        new Scalars(new Diagnostics(), Node.Mapping.empty(node.place()))
            .any((Node.Scalar) node, "default");
    return value == null ? ((Node.Scalar) node).text() : value;
  }

  /** A single value. */
  static Map<String, Object> scalar(Shape shape) {
    if (shape instanceof Shape.Num num) {
      Map<String, Object> number = map("type", num.whole() ? "integer" : "number");
      if (!Double.isInfinite(num.min())) {
        number.put("minimum", bound(num.min()));
      }
      if (!Double.isInfinite(num.max())) {
        number.put("maximum", bound(num.max()));
      }
      return num.share() ? anyOf(number, map("type", "string", "pattern", PERCENTAGE)) : number;
    }
    if (shape instanceof Shape.Switch) {
      return map("type", "boolean");
    }
    if (shape instanceof Shape.Words words) {
      return map("enum", Scalars.words(words));
    }
    if (shape instanceof Shape.Time) {
      return map("type", "string", "pattern", "^[0-9]+(\\.[0-9]+)?(ms|s|min|h|d)$");
    }
    return map("type", List.of("string", "number", "boolean"));
  }

  private static Object bound(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? (Object) (long) value
        : (Object) value;
  }
}
