package dev.emergence.dsl;

import dev.emergence.spec.expr.Expression;
import dev.emergence.spec.expr.ExpressionError;
import dev.emergence.spec.expr.Symbols;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A sweep's {@code when} and {@code exclude}. */
final class Filter {
  /** One condition on conditions, with its place. */
  private record Part(Expression test, boolean wanted, Node.Scalar written, Symbols symbols) {}

  private final Diagnostics out;
  private final List<Part> parts = new ArrayList<>();
  private boolean whole = true;

  private Filter(Diagnostics out) {
    this.out = out;
  }

  /** Empty after a report, and when the task is unknown and so are its symbols. */
  static Optional<Filter> of(Diagnostics out, Node.Mapping tree, SweepFile sweep, String path) {
    Filter filter = new Filter(out);
    if (sweep.when().isEmpty() && sweep.exclude().isEmpty()) {
      return Optional.of(filter);
    }
    if (!FileSymbols.knowTask(tree)) {
      return Optional.empty();
    }
    Symbols symbols = FileSymbols.of(tree);
    sweep.when().ifPresent(text -> filter.add(tree, path + ".when", symbols, true));
    sweep.exclude().ifPresent(text -> filter.add(tree, path + ".exclude", symbols, false));
    return filter.whole ? Optional.of(filter) : Optional.empty();
  }

  private void add(Node.Mapping tree, String path, Symbols symbols, boolean wanted) {
    Node.Scalar written = (Node.Scalar) Trees.find(tree, path);
    try {
      Expression test = Expression.parseCondition(written.text());
      for (String name : test.names()) {
        if (!symbols.has(name)) {
          String hint = FileSymbols.hint(symbols, name, false);
          whole = false;
          out.report(
              Formulas.inside(written, written.text().indexOf(name), name.length()),
              Code.E135,
              "'" + name + "' is no symbol",
              hint);
        }
      }
      parts.add(new Part(test, wanted, written, symbols));
    } catch (ExpressionError e) {
      whole = false;
      out.report(
          Formulas.inside(written, e.at(), e.length()),
          Code.E130,
          e.getMessage() + " in '" + Texts.shorten(written.text()) + "'");
    }
  }

  /** Whether a combination stays; empty after a report, when that cannot be said. */
  Optional<Boolean> keeps(Node.Mapping cell) {
    for (Part part : parts) {
      Map<String, Double> values = new HashMap<>();
      for (String name : part.test().names()) {
        String path = part.symbols().path(name).orElseThrow();
        Optional<Double> value = Lookup.number(cell, path);
        if (value.isEmpty()) {
          out.report(
              part.written().place(),
              Code.E133,
              "'" + name + "' (" + path + ") is no number in some conditions",
              "");
          return Optional.empty();
        }
        values.put(name, value.get());
      }
      double result = part.test().evaluate(values);
      if (Double.isNaN(result)) {
        out.report(
            part.written().place(),
            Code.E133,
            "'"
                + Texts.shorten(part.written().text())
                + "' has no value at "
                + Formulas.show(values));
        return Optional.empty();
      }
      if ((result != 0) != part.wanted()) {
        return Optional.of(false);
      }
    }
    return Optional.of(true);
  }
}
