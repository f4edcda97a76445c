package dev.emergence.train;

import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.RepetitionSpec;
import dev.emergence.spec.RepetitionSpec.Change;
import dev.emergence.tensor.ShapedArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The repetition of one replica's training data as training goes on: changes of the file's list
 * come about one after the other, each at its step or once its metric has crossed its level.
 */
final class RepetitionChanges {
  private static final String APPLIED = "repetition.applied";
  private static final String HELD = "repetition.held";
  private static final String INITIAL = "repetition.initial";

  private final RepetitionSpec spec;
  private final List<Change> changes;
  private final double[] initial;
  private int applied;
  private int held;

  RepetitionChanges(RepetitionSpec spec) {
    this.spec = spec;
    this.changes = spec.changes();
    this.initial = new double[changes.size()];
    Arrays.fill(initial, Double.NaN);
  }

  /** B as of now. */
  int inContext() {
    int now = spec.inContext();
    for (Change change : changes.subList(0, applied)) {
      now = change.inContext().orElse(now);
    }
    return now;
  }

  /** p as of now. */
  double crossSample() {
    double now = spec.crossSample();
    for (Change change : changes.subList(0, applied)) {
      now = change.crossSample().orElse(now);
    }
    return now;
  }

  /**
   * The next step before which the repetition changes by the clock; none: {@link Long#MAX_VALUE}.
   */
  long next() {
    return pending().flatMap(Change::at).map(at -> (long) Math.ceil(at)).orElse(Long.MAX_VALUE);
  }

  private Optional<Change> pending() {
    return applied < changes.size() ? Optional.of(changes.get(applied)) : Optional.empty();
  }

  /**
   * Brings about what is due by the clock.
   *
   * @param step steps taken
   * @return whether anything changed
   */
  boolean reached(long step) {
    int before = applied;
    while (next() <= step) {
      advance();
    }
    return applied > before;
  }

  /**
   * Brings about what a row of measurements calls for.
   *
   * @param metric of the row, by name
   * @return whether anything changed
   */
  boolean measured(long step, ToDoubleFunction<String> metric) {
    if (step == 0) {
      for (int i = 0; i < changes.size(); i++) {
        initial[i] =
            changes.get(i).when().map(w -> metric.applyAsDouble(w.metric())).orElse(Double.NaN);
      }
    }
    Optional<Threshold> when = pending().flatMap(Change::when);
    if (when.isEmpty()) {
      return false;
    }
    held = passes(when.get(), metric.applyAsDouble(when.get().metric())) ? held + 1 : 0;
    if (held < when.get().hold()) {
      return false;
    }
    advance();
    reached(step);
    return true;
  }

  private void advance() {
    applied++;
    held = 0;
  }

  private boolean passes(Threshold when, double value) {
    double unit = when.relativeTo() == Relative.INITIAL ? initial[applied] : 1;
    return when.below()
        .map(level -> value < level * unit)
        .orElseGet(() -> value > when.above().orElseThrow() * unit);
  }

  /** What must be kept to go on. */
  void save(Map<String, ShapedArray> to) {
    if (!changes.isEmpty()) {
      to.put(APPLIED, ShapedArray.scalar(applied));
      to.put(HELD, ShapedArray.scalar(held));
      to.put(INITIAL, new ShapedArray(new int[] {initial.length}, initial.clone()));
    }
  }

  /** Goes on from what {@link #save} kept. */
  void restore(Snapshot from) {
    if (!changes.isEmpty()) {
      applied = (int) from.array(APPLIED).values()[0];
      held = (int) from.array(HELD).values()[0];
      System.arraycopy(from.array(INITIAL).values(), 0, initial, 0, initial.length);
    }
  }
}
