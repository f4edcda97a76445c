package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.spec.Condition;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.expr.ExpressionError;
import dev.emergence.spec.expr.Formula;
import dev.emergence.spec.expr.Symbols;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Whether what stands along an axis of a figure has a meaning there. */
final class AxisChecks {
  /** Ends of an axis that are nearer than this share of their size are the same to a reader. */
  private static final double NEAR = 5e-10;

  /** Ends of an axis that are nearer than this are the same to arithmetic. */
  private static final double LEAST = 5e-291;

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

  /** Whether all times of an axis are counted alike. */
  void clock(String key) {
    Clocks.check(names, names.place(path + "." + key), data);
  }

  /** The same, where the column along the axis is a time. */
  void clock(String key, String column) {
    if (Clocks.isTime(column)) {
      clock(key);
    }
  }

  /** Only numbers have places on an axis of numbers. */
  void numeric(String symbol) {
    for (Condition c : data) {
      boolean number =
          names.symbols().value(symbol, c.config()).map(v -> v instanceof Number).orElse(false);
      if (!number) {
        report(
            "x",
            Code.E135,
            "'" + symbol + "' is no number in some conditions, so it cannot be an axis",
            "use it as color, or write kind: categories for words on x");
        return;
      }
    }
  }

  /** Whether both axes can begin and end where the file says. */
  void limits(PlotSpec.Limits limits, PlotSpec.Scales scale) {
    ends("limits.x", limits.x(), scale.x());
    ends("limits.y", limits.y(), scale.y());
  }

  /**
   * Whether one axis can.
   *
   * @param key of the ends, below the plot
   */
  void ends(String key, List<Double> ends, PlotSpec.Scale scale) {
    boolean pair = ends.size() == 2 && ends.get(0) < ends.get(1);
    if (!ends.isEmpty() && !pair) {
      report(
          key,
          Code.E140,
          path + "." + key + " must be two numbers, the smaller first",
          "such as [1e-6, 1]");
    } else if (pair && scale == PlotSpec.Scale.LOG && ends.get(0) <= 0) {
      report(
          key,
          Code.E140,
          path + "." + key + " must be above 0, because this axis is logarithmic",
          "such as [1e-6, " + Texts.number(Math.max(1, ends.get(1))) + "], or another scale");
    } else if (pair && !apart(ends.get(0), ends.get(1))) {
      report(
          key,
          Code.E140,
          path + "." + key + " has ends that are the same but for rounding",
          "ends that differ by more than 1e-9 of their size, and by more than 1e-290");
    }
  }

  /** Whether numbers between two ends can be told from each other. */
  private static boolean apart(double from, double to) {
    double size = Math.max(Math.abs(from), Math.abs(to));
    return to / 2 - from / 2 > Math.max(NEAR * size, LEAST);
  }

  private void report(String key, Code code, String message, String hint) {
    names.out().report(names.place(path + "." + key), code, message, hint);
  }
}
