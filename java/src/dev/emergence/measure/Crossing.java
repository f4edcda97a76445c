package dev.emergence.measure;

import dev.emergence.result.Curve;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.MeasurementSpec.Relative;
import java.util.Arrays;

/** One curve against one level. */
final class Crossing {
  private final double[] steps;
  private final double[] values;
  private final boolean below;
  private final double level;
  private final int hold;

  Crossing(Curve curve, MeasurementSpec.Threshold threshold) {
    steps = curve.steps();
    values = smooth(curve.column(threshold.metric()), threshold.smooth());
    below = threshold.below().isPresent();
    double given =
        below ? threshold.below().get() : threshold.above().orElseThrow(() -> neither(threshold));
    boolean initial = threshold.relativeTo() == Relative.INITIAL;
    level = initial ? given * (values.length == 0 ? Double.NaN : values[0]) : given;
    hold = threshold.hold();
  }

  /**
   * The mean of each value and up to {@code count - 1} before it; NaN where one of them is. What is
   * not measured at the start, as the loss of a batch before the first one, is in no mean.
   */
  private static double[] smooth(double[] values, int count) {
    if (count == 1) {
      return values;
    }
    int begin = 0;
    while (begin < values.length && Double.isNaN(values[begin])) {
      begin++;
    }
    double[] out = values.clone();
    for (int row = begin; row < out.length; row++) {
      int first = Math.max(begin, row - count + 1);
      out[row] = Arrays.stream(values, first, row + 1).average().orElseThrow();
    }
    return out;
  }

  private static IllegalArgumentException neither(MeasurementSpec.Threshold threshold) {
    return new IllegalArgumentException(
        "a threshold on " + threshold.metric() + " needs below or above");
  }

  Emergence emergence(String name) {
    int first = -1;
    int last = -1;
    for (int row = 0; row < values.length; row++) {
      if (holdsFrom(row) && (row == 0 || !passes(row - 1))) {
        first = first < 0 ? row : first;
        last = row;
      }
    }
    if (first < 0) {
      return new Emergence.Unreached(name, lastKnownBefore());
    }
    int before = measuredBefore(first);
    return new Emergence.Reached(
        name, steps[first], steps[before], interpolated(before, first), steps[last]);
  }

  private boolean passes(int row) {
    return below ? values[row] < level : values[row] > level;
  }

  private boolean holdsFrom(int row) {
    if (row + hold > values.length) {
      return false;
    }
    for (int at = row; at < row + hold; at++) {
      if (!passes(at)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The last evaluation by which the level had surely not been crossed: passes at the end of the
   * curve may be the first of a hold that later evaluations would have completed.
   */
  private double lastKnownBefore() {
    int row = values.length - 1;
    while (row > 0 && (passes(row) || Double.isNaN(values[row]))) {
      row--;
    }
    return row < 0 ? 0 : steps[row];
  }

  /** The row before it at which the metric was measured, or the row itself when there is none. */
  private int measuredBefore(int row) {
    for (int at = row - 1; at >= 0; at--) {
      if (!Double.isNaN(values[at])) {
        return at;
      }
    }
    return row;
  }

  private double interpolated(int before, int at) {
    double share = share(values[before], values[at]);
    // Ends that both pass (after unmeasured rows, with hold) or are infinite leave nothing to
    // interpolate.
    double inside = share >= 0 && share <= 1 ? share : 1;
    return steps[before] + inside * (steps[at] - steps[before]);
  }

  private double share(double from, double to) {
    boolean logs = from > 0 && to > 0 && level > 0;
    return logs ? Math.log(level / from) / Math.log(to / from) : (level - from) / (to - from);
  }
}
