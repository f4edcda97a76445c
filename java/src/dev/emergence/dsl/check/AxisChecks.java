package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.spec.Condition;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.expr.ExpressionError;
import dev.emergence.spec.expr.Formula;
import dev.emergence.spec.expr.Symbols;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Whether what stands along an axis of a figure has a meaning there. */
final class AxisChecks {
  private final References names;
  private final String path;
  private final List<Condition> data;

  /**
   * @param path of the plot
   * @param data its conditions
   */
  AxisChecks(References names, String path, List<Condition> data) {
    this.names = names;
    this.path = path;
    this.data = data;
  }

  /** An axis of variants where there are none would have one place without a name. */
  void variants(String key, String symbol) {
    boolean one = data.stream().map(Condition::sweep).distinct().count() == 1;
    boolean none = data.stream().allMatch(c -> c.variant().isEmpty());
    if (symbol.equals(Symbols.VARIANT) && one && none) {
      String swept =
          data.stream()
              .flatMap(c -> c.values().keySet().stream())
              .distinct()
              .collect(Collectors.joining(" "));
      report(
          key, Code.E135, "this sweep has no variants", swept.isEmpty() ? "" : "it has " + swept);
    }
  }

  /**
   * A law of one threshold's times says nothing on an axis of something else.
   *
   * @param line name of a fit, or another word
   * @param y what the axis shows
   * @param laws fits that could be read
   */
  void law(String line, String y, Map<String, FitSpec> laws) {
    if (!laws.containsKey(line)) {
      return;
    }
    try {
      String formula = laws.get(line).formula();
      String threshold = Formula.parse(formula, names.symbols()::has).threshold();
      if (!y.equals(threshold + ".steps") && !y.equals(threshold + ".time")) {
        report(
            "line",
            Code.E140,
            "'" + line + "' is a law of T_" + threshold + ", but the axis shows " + y,
            "write y: " + threshold + ".steps, or line: mean");
      }
    } catch (ExpressionError e) {
      return; // told where the fit is checked
    }
  }

  private void report(String key, Code code, String message, String hint) {
    names.out().report(names.place(path + "." + key), code, message, hint);
  }
}
