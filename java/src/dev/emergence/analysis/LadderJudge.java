package dev.emergence.analysis;

import dev.emergence.measure.Emergence;
import dev.emergence.result.Curve;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.Slice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Judges whether rows emerge one at a time. With the rows of a set R known and everything else
 * guessed, the whole loss is ln C times the share of scored targets that are not in R (Baherwani et
 * al. 2026, Fig. 3: steps of ln 2 / (2S - 1)).
 */
final class LadderJudge {
  private final ClaimSpec.Ladder spec;
  private final OneCondition runs;
  private final List<Row> rows = new ArrayList<>();
  private final String whole;
  private final double guess;
  private final int scored;

  LadderJudge(Analysis analysis, ClaimSpec.Ladder spec) {
    this.spec = spec;
    this.runs = OneCondition.of(analysis, spec.data(), spec.where());
    Prediction predicts = runs.config().task().predicts();
    Map<String, Threshold> thresholds = runs.config().measurement().thresholds();
    for (Slice slice : predicts.slices()) {
      if (slice.name().startsWith("row.")) {
        String name = spec.threshold() + slice.name().substring("row".length());
        rows.add(new Row(name, thresholds.get(name), slice.count()));
      }
    }
    String metric = rows.get(0).threshold().metric();
    this.whole = metric.substring(0, metric.indexOf(".row."));
    this.guess = Math.log(predicts.outputs());
    this.scored = predicts.scored().count();
  }

  /**
   * A row.
   *
   * @param name of its threshold
   * @param targets scored ones that are its own
   */
  private record Row(String name, Threshold threshold, int targets) {
    /** Whether the row's own loss is below its level, which may be a share of its first one. */
    boolean isKnown(Curve curve, int at) {
      double[] loss = curve.column(threshold.metric());
      double unit = threshold.relativeTo() == Relative.INITIAL ? loss[0] : 1;
      return loss[at] < threshold.below().orElse(Double.NEGATIVE_INFINITY) * unit;
    }
  }

  /**
   * Of one run: the share of evaluations on a rung, and of rows with an evaluation of their own.
   */
  private record Found(double onRungs, double alone, int emerged) {}

  ClaimReport report() {
    List<Found> found = new ArrayList<>();
    List<Observation> few = new ArrayList<>();
    for (Observation run : runs.ended()) {
      TreeSet<Double> steps = new TreeSet<>();
      int emerged = 0;
      for (Row row : rows) {
        if (run.emergence(row.name()) instanceof Emergence.Reached reached) {
          steps.add(reached.step());
          emerged++;
        }
      }
      if (emerged < 2) {
        few.add(run);
      } else {
        double until = emerged == rows.size() ? steps.last() : run.end();
        double on = onRungs(run.curve(), steps.first(), until);
        found.add(new Found(on, (double) steps.size() / emerged, emerged));
      }
    }
    return found.isEmpty()
        ? runs.open(
            spec,
            "in no run two rows emerge, of " + runs.ended().size() + OneCondition.troubles(few))
        : judged(found, few);
  }

  private double onRungs(Curve curve, double from, double until) {
    double[] loss = curve.column(whole);
    int on = 0;
    int all = 0;
    for (int at = 0; at < curve.size(); at++) {
      if (curve.steps()[at] >= from && curve.steps()[at] <= until && !Double.isNaN(loss[at])) {
        int known = 0;
        for (Row row : rows) {
          known += row.isKnown(curve, at) ? row.targets() : 0;
        }
        double rung = guess * (scored - known) / scored;
        double half = 0.5 * guess * rows.get(0).targets() / scored;
        on += Math.abs(loss[at] - rung) <= half ? 1 : 0;
        all++;
      }
    }
    return (double) on / all;
  }

  private static String leftOut(List<Observation> few) {
    return "; "
        + Numeral.count(few.size(), "run")
        + " with fewer than two left out"
        + OneCondition.troubles(few);
  }

  private ClaimReport judged(List<Found> found, List<Observation> few) {
    double on = found.stream().mapToDouble(Found::onRungs).average().orElseThrow();
    double alone = found.stream().mapToDouble(Found::alone).average().orElseThrow();
    double least = found.stream().mapToDouble(Found::onRungs).min().orElseThrow();
    int emerged = found.stream().mapToInt(Found::emerged).sum();
    boolean holds = on >= spec.onRungs() && alone >= spec.alone();
    String reason =
        String.format(
            Locale.ROOT,
            "%d of %d rows emerge in %s, at different evaluations as to %s of them; %s, %s"
                + " is within half a rung of the ladder at %s of the"
                + " evaluations (%s in the worst run)%s; claimed are at least %s and %s",
            emerged,
            found.size() * rows.size(),
            Numeral.count(found.size(), "run"),
            Numeral.of(alone),
            emerged < found.size() * rows.size()
                ? "from the first to the last, or to the end of a run in which some do not emerge"
                : "between the first and the last",
            whole,
            Numeral.of(on),
            Numeral.of(least),
            few.isEmpty() ? "" : leftOut(few),
            Numeral.of(spec.alone()),
            Numeral.of(spec.onRungs()));
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("on_rungs", on);
    numbers.put("on_rungs_least", least);
    numbers.put("alone", alone);
    numbers.put("runs", found.size());
    return runs.report(spec, holds, reason, on, numbers);
  }
}
