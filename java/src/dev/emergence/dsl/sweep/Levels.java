package dev.emergence.dsl.sweep;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Spelling;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.spec.expr.Expression;
import dev.emergence.spec.expr.ExpressionError;
import dev.emergence.spec.expr.Paths;
import dev.emergence.spec.expr.Symbols;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Levels of thresholds that are written as expressions of the symbols, {@code below: "ln2 * (1 -
 * 0.5/(2*S-1))"}: each condition has the number that its own values give.
 */
final class Levels {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_0-9]+)*");
  private static final List<String> FUNCTIONS = List.of("sqrt", "log", "exp");
  private static final Map<String, Double> CONSTANTS = Map.of("ln2", Math.log(2), "pi", Math.PI);

  private final Map<String, Object> sections;
  private final Node.Mapping tree;
  private final Symbols symbols;
  private final Diagnostics out;

  /**
   * @param sections the other sections of the condition, as they were bound
   * @param tree the condition
   */
  Levels(Map<String, Object> sections, Node.Mapping tree, Diagnostics out) {
    this.sections = sections;
    this.tree = tree;
    this.symbols = FileSymbols.of(tree);
    this.out = out;
  }

  /** Whether any level of the file is an expression. */
  static boolean anyIn(Node.Mapping tree) {
    return thresholds(tree).values().stream()
        .anyMatch(t -> isExpression(t.get("below")) || isExpression(t.get("above")));
  }

  private static Map<String, Node.Mapping> thresholds(Node.Mapping tree) {
    Map<String, Node.Mapping> found = new LinkedHashMap<>();
    if (Trees.find(tree, "measurement.thresholds") instanceof Node.Mapping named) {
      named
          .entries()
          .forEach(
              (name, entry) -> {
                if (entry.value() instanceof Node.Mapping threshold) {
                  found.put(name, threshold);
                }
              });
    }
    return found;
  }

  /** A text with an operator that is neither a number nor a misspelt one. */
  private static boolean isExpression(Node node) {
    return node instanceof Node.Scalar s
        && s.text().matches(".*[-+*/^(].*")
        && s.text().matches(".*[A-Za-z(*/^].*")
        && !Spelling.isNumber(s.text())
        && !Spelling.isNotFinite(s.text())
        && Spelling.number(s.text()).isEmpty();
  }

  /** The tree with a number for each expression; one without a value is reported and stays. */
  Node.Mapping resolve() {
    Node.Mapping resolved = tree;
    for (Map.Entry<String, Node.Mapping> threshold : thresholds(tree).entrySet()) {
      for (String key : List.of("below", "above")) {
        Node.Entry entry = threshold.getValue().entries().get(key);
        if (entry != null && isExpression(entry.value())) {
          String path = "measurement.thresholds." + threshold.getKey() + "." + key;
          Node.Scalar written = (Node.Scalar) entry.value();
          Node value =
              number(path, written)
                  .<Node>map(x -> new Node.Scalar(x.toString(), false, written.place()))
                  .orElseGet(() -> new Node.Broken(written.place()));
          resolved = Trees.with(resolved, path, new Node.Entry(entry.key(), value));
        }
      }
    }
    return resolved;
  }

  private Optional<Double> number(String path, Node.Scalar written) {
    try {
      Expression expression = Expression.parse(written.text());
      Map<String, Double> values = new LinkedHashMap<>(CONSTANTS);
      Matcher names = NAME.matcher(written.text().replaceAll("[0-9.]+[eE][-+]?[0-9]+", "1"));
      while (names.find()) {
        String name = names.group();
        if (!FUNCTIONS.contains(name) && !values.containsKey(name)) {
          Optional<Double> value = value(name);
          if (value.isEmpty()) {
            return unknown(written, name);
          }
          values.put(name, value.get());
        }
      }
      double level = expression.evaluate(values);
      return Double.isFinite(level) ? Optional.of(level) : undefined(path, written, level);
    } catch (ExpressionError e) {
      out.report(
          Formulas.inside(written, e.at(), e.length()),
          Code.E130,
          e.getMessage() + " in '" + Texts.shorten(written.text()) + "'");
      return Optional.empty();
    }
  }

  private Optional<Double> value(String name) {
    return symbols.path(name).flatMap(path -> Paths.value(sections, path)).flatMap(Paths::number);
  }

  private Optional<Double> unknown(Node.Scalar written, String name) {
    out.meant().noValue(written.place());
    out.report(
        written.place(), Code.E135, "'" + Texts.shorten(name) + "' is no symbol", hint(name));
    return Optional.empty();
  }

  private String hint(String name) {
    String hint = FileSymbols.hint(tree, name, false);
    return name.contains(".") ? hint : hint + "; also ln2, pi";
  }

  private Optional<Double> undefined(String path, Node.Scalar written, double level) {
    out.meant().noValue(written.place());
    out.report(
        written.place(), Code.E133, path + " is " + level + " in a condition", "change the level");
    return Optional.empty();
  }
}
