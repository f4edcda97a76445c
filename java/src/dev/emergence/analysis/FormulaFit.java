package dev.emergence.analysis;

import dev.emergence.fit.Design;
import dev.emergence.fit.FitOptions;
import dev.emergence.fit.FitResult;
import dev.emergence.fit.Parameter;
import dev.emergence.fit.Point;
import dev.emergence.fit.PowerLawFit;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.expr.Formula;
import dev.emergence.spec.expr.LogLinear;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Fits a formula to times, wherever they come from.
 *
 * @param spec how: its data and its formula's text are not read
 */
record FormulaFit(Formula formula, FitSpec spec) {

  /**
   * Fits the formula.
   *
   * @param conditions the values of the formula's symbols, those of a point at its index
   * @param unreached runs that never crossed, for the report of a fit that is refused
   */
  FitResult of(List<Map<String, Double>> conditions, List<Point> points, int unreached) {
    if (spec.method() == FitSpec.Method.NONLINEAR) {
      List<Parameter> parameters =
          formula.parameters().stream().map(name -> new Parameter(name, false)).toList();
      return PowerLawFit.nonlinear(
          parameters, (p, at) -> Math.log(evaluate(p, conditions.get(at))), points, options());
    }
    try {
      LogLinear linear = LogLinear.of(formula);
      return logLinear(linear, conditions, points, unreached);
    } catch (LogLinear.NotLogLinear e) {
      return refused(e.getMessage() + "; use method: nonlinear", unreached);
    }
  }

  /** A condition in which the formula has no value is refused by name rather than left out. */
  private FitResult logLinear(
      LogLinear linear, List<Map<String, Double>> conditions, List<Point> points, int unreached) {
    double[][] rows = new double[conditions.size()][];
    double[] offsets = new double[conditions.size()];
    for (int i = 0; i < rows.length; i++) {
      Map<String, Double> values = conditions.get(i);
      rows[i] = linear.row(values);
      offsets[i] = linear.offset(values);
      if (!Double.isFinite(offsets[i]) || !Arrays.stream(rows[i]).allMatch(Double::isFinite)) {
        return refused("the formula has no logarithm at " + words(values), unreached);
      }
    }
    List<Parameter> parameters =
        linear.parameters().stream()
            .map(name -> new Parameter(name, linear.isFactor(name)))
            .toList();
    return PowerLawFit.logLinear(new Design(parameters, rows, offsets), points, options());
  }

  private static String words(Map<String, Double> values) {
    return values.entrySet().stream()
        .map(value -> value.getKey() + " = " + Numeral.of(value.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** The answer where no fit can be tried. */
  static FitResult.Refused refused(String reason, int unreached) {
    return new FitResult.Refused(reason, 0, unreached, Double.NaN);
  }

  private double evaluate(double[] parameters, Map<String, Double> values) {
    Map<String, Double> all = new HashMap<>(values);
    for (int k = 0; k < parameters.length; k++) {
      all.put(formula.parameters().get(k), parameters[k]);
    }
    return formula.law().evaluate(all);
  }

  private FitOptions options() {
    return new FitOptions(
        FitOptions.Aggregate.valueOf(spec.points().name()),
        spec.unreachedOrDefault() == FitSpec.Unreached.CENSORED,
        spec.method() == FitSpec.Method.INTERVAL,
        new FitOptions.Interval(
            spec.interval().level(), FitOptions.Unit.valueOf(spec.interval().by().name())));
  }
}
