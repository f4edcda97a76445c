package dev.emergence.analysis;

import dev.emergence.fit.EarlyWarning;
import dev.emergence.measure.Emergence;
import dev.emergence.result.Curve;
import dev.emergence.spec.ClaimSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Judges whether a metric of the first steps predicts the time of emergence. */
final class WarningJudge {
  private final ClaimSpec.EarlyWarning spec;
  private final OneCondition runs;

  WarningJudge(Analysis analysis, ClaimSpec.EarlyWarning spec) {
    this.spec = spec;
    this.runs = OneCondition.of(analysis, spec.data(), spec.where());
  }

  ClaimReport report() {
    List<double[]> pairs = new ArrayList<>();
    int soon = 0;
    int unmeasured = 0;
    List<Observation> never = new ArrayList<>();
    for (Observation run : runs.ended()) {
      if (!(run.emergence(spec.threshold()) instanceof Emergence.Reached reached)) {
        never.add(run);
      } else if (reached.step() <= spec.until()) {
        soon++;
      } else if (!run.curve().isMeasured(spec.metric())) {
        unmeasured++;
      } else {
        pairs.add(new double[] {early(run.curve()), Math.log(reached.step())});
      }
    }
    double[] x = pairs.stream().mapToDouble(p -> p[0]).toArray();
    double[] y = pairs.stream().mapToDouble(p -> p[1]).toArray();
    String leftOut = leftOut(soon, never) + without(unmeasured);
    EarlyWarning test;
    try {
      test = EarlyWarning.of(x, y, spec.resamples());
    } catch (IllegalArgumentException tooFew) {
      return runs.open(spec, tooFew.getMessage() + leftOut);
    }
    if (Double.isNaN(test.p())) {
      return runs.open(spec, whyNone(x, y) + leftOut);
    }
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("p", test.p());
    numbers.put("r_left_out", test.r());
    numbers.put("slope", test.slope());
    numbers.put("runs", test.pairs());
    numbers.put("emerged_before", soon);
    numbers.put("unreached", never.size());
    if (unmeasured > 0) {
      numbers.put("unmeasured", unmeasured);
    }
    String reason =
        String.format(
            Locale.ROOT,
            "mean %s up to step %.0f against ln %s in %d runs: predictions that leave each run out"
                + " correlate at %.3f, p = %.3g by permutation, slope %.3g%s; claimed is p at most"
                + " %.3g",
            spec.metric(),
            spec.until(),
            spec.threshold(),
            test.pairs(),
            test.r(),
            test.p(),
            test.slope(),
            leftOut,
            spec.level());
    return runs.report(spec, test.p() <= spec.level(), reason, test.p(), numbers);
  }

  /** Why there is no correlation: what predicts or what is predicted does not vary, or is NaN. */
  private String whyNone(double[] x, double[] y) {
    if (Arrays.stream(y).distinct().count() == 1) {
      return "all runs pass " + spec.threshold() + " at one step, so there is nothing to predict";
    }
    if (Arrays.stream(x).anyMatch(Double::isNaN)) {
      return spec.metric() + " is not known at every evaluation up to step " + (long) spec.until();
    }
    String which = Arrays.stream(x).distinct().count() == 1 ? "all runs" : "all runs but one";
    return spec.metric() + " up to step " + (long) spec.until() + " is the same in " + which;
  }

  private static String leftOut(int soon, List<Observation> never) {
    String before = soon > 0 ? "; " + soon + " that had emerged by then left out" : "";
    return never.isEmpty()
        ? before
        : before
            + "; "
            + never.size()
            + " that did not emerge"
            + OneCondition.troubles(never)
            + " left out";
  }

  private String without(int unmeasured) {
    return unmeasured == 0
        ? ""
        : "; " + unmeasured + " without a number of " + spec.metric() + " left out";
  }

  private double early(Curve curve) {
    double[] values = curve.column(spec.metric());
    double sum = 0;
    int count = 0;
    for (int i = 0; i < values.length && curve.steps()[i] <= spec.until(); i++) {
      sum += values[i];
      count++;
    }
    return sum / count;
  }
}
