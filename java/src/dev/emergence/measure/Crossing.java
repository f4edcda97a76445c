package dev.emergence.measure;

import dev.emergence.result.Curve;
import dev.emergence.spec.Derived;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.MeasurementSpec.Relative;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One curve against one level. The smallest or largest of several columns is that of their means,
 * and where one passing column is enough, it must be the same one in all evaluations of a hold.
 */
final class Crossing {
  private final double[] steps;
  private final double[] values;
  private final List<Track> tracks;
  private final boolean below;
  private final double level;
  private final int hold;

  /** Values that are compared with the level, and the row after which they count. */
  private record Track(double[] values, int after) {}

  Crossing(Curve curve, MeasurementSpec.Threshold threshold) {
    steps = curve.steps();
    below = threshold.below().isPresent();
    hold = threshold.hold();
    List<double[]> columns =
        curve.compared(threshold.metric()).stream()
            .map(column -> smooth(column, threshold.smooth()))
            .toList();
    Optional<Derived> fold =
        columns.size() == 1 ? Optional.empty() : Derived.parse(threshold.metric());
    values = fold.map(f -> f.fold(columns)).orElse(columns.get(0));
    boolean initial = threshold.relativeTo() == Relative.INITIAL;
    double unit = !initial ? 1 : values.length == 0 ? Double.NaN : values[0];
    double given =
        below ? threshold.below().get() : threshold.above().orElseThrow(() -> neither(threshold));
    level = given * unit;
    Derived.How one = below ? Derived.How.MIN : Derived.How.MAX;
    boolean oneIsEnough = fold.filter(f -> f.how() == one).isPresent();
    tracks =
        (oneIsEnough ? columns : List.of(values))
            .stream().map(track -> new Track(track, cameFrom(track, threshold, unit))).toList();
  }

  /** The row by which the values were on the other side for long enough; -1: any will do. */
  private int cameFrom(double[] track, MeasurementSpec.Threshold threshold, double unit) {
    if (threshold.from().isEmpty()) {
      return -1;
    }
    double from = threshold.from().get() * unit;
    int count = 0;
    for (int row = 0; row < track.length; row++) {
      boolean beyond = below ? track[row] > from : track[row] < from;
      count = beyond ? count + 1 : 0;
      if (count == hold) {
        return row;
      }
    }
    return track.length;
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
      out[row] = mean(Arrays.copyOfRange(values, Math.max(begin, row - count + 1), row + 1));
    }
    return out;
  }

  /** Never beyond the numbers: rounding would carry equal ones across a level that they are at. */
  private static double mean(double[] values) {
    double least = Arrays.stream(values).min().orElseThrow();
    double most = Arrays.stream(values).max().orElseThrow();
    double mean = Arrays.stream(values).average().orElseThrow();
    return Math.min(most, Math.max(least, mean));
  }

  private static IllegalArgumentException neither(MeasurementSpec.Threshold threshold) {
    return new IllegalArgumentException(
        "a threshold on " + threshold.metric() + " needs below or above");
  }

  Emergence emergence(String name) {
    int first = -1;
    int last = -1;
    boolean heldBefore = false;
    for (int row = 0; row < values.length; row++) {
      boolean held = isHeld(row);
      if (held && !heldBefore) {
        first = first < 0 ? row : first;
        last = row;
      }
      heldBefore = held;
    }
    if (first < 0) {
      return new Emergence.Unreached(name, lastKnownBefore());
    }
    int before = measuredBefore(first);
    return new Emergence.Reached(
        name, steps[first], steps[before], interpolated(before, first), steps[last]);
  }

  /** An evaluation of which a column is NaN passes for none of them. */
  private boolean passes(Track track, int row) {
    double value = track.values()[row];
    return row > track.after()
        && !Double.isNaN(values[row])
        && (below ? value < level : value > level);
  }

  /** Whether the row is one of {@code hold} or more in a row that pass, all on one track. */
  private boolean isHeld(int row) {
    return tracks.stream().anyMatch(track -> isHeld(track, row));
  }

  private boolean isHeld(Track track, int row) {
    int count = 0;
    for (int at = row; at >= 0 && count < hold && passes(track, at); at--) {
      count++;
    }
    for (int at = row + 1; at < values.length && 0 < count && count < hold; at++) {
      if (!passes(track, at)) {
        return false;
      }
      count++;
    }
    return count >= hold;
  }

  /**
   * The last evaluation by which the level had surely not been crossed: passes at the end of the
   * curve may be the first of a hold that later evaluations would have completed.
   */
  private double lastKnownBefore() {
    int known = values.length - 1;
    for (Track track : tracks) {
      int row = values.length - 1;
      while (row > 0 && (passes(track, row) || Double.isNaN(values[row]))) {
        row--;
      }
      known = Math.min(known, row);
    }
    return known < 0 ? 0 : steps[known];
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
    double[] along = along(before, at);
    double share = share(along[before], along[at]);
    // Ends that both pass (after unmeasured rows, with hold) or are infinite leave nothing to
    // interpolate.
    double inside = share >= 0 && share <= 1 ? share : 1;
    return steps[before] + inside * (steps[at] - steps[before]);
  }

  /** The column that holds, where another one passes before it without holding. */
  private double[] along(int before, int at) {
    boolean passed = below ? values[before] < level : values[before] > level;
    return passed
        ? tracks.stream()
            .filter(track -> isHeld(track, at))
            .findFirst()
            .map(Track::values)
            .orElse(values)
        : values;
  }

  private double share(double from, double to) {
    boolean logs = from > 0 && to > 0 && level > 0;
    return logs ? Math.log(level / from) / Math.log(to / from) : (level - from) / (to - from);
  }
}
