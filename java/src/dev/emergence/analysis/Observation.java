package dev.emergence.analysis;

import dev.emergence.measure.Emergence;
import dev.emergence.plan.Assignment;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.RunConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run seen by one condition: its thresholds are read off the part of the curve that lies within
 * the condition's own {@code max_steps}, however long other conditions had the shared run trained.
 *
 * @param stored empty when the run has not been done yet
 * @param curve the part of the curve that counts; without rows when there is none
 */
public record Observation(Assignment assignment, Optional<StoredRun> stored, Curve curve) {
  private static final Curve NOTHING = new Curve(List.of(), new double[0], new double[0][]);
  private static final String STEPS = ".steps";
  private static final String TIME = ".time";

  static Observation of(Assignment assignment, Optional<StoredRun> stored) {
    double budget = budget(assignment.condition().config());
    return new Observation(
        assignment, stored, stored.map(run -> until(run.curve(), budget)).orElse(NOTHING));
  }

  /** The longest that a run of this configuration may take: steps, or time of a gradient flow. */
  public static double budget(RunConfig config) {
    boolean flow = config.training().optimizer() instanceof OptimizerSpec.GradientFlow;
    return flow ? config.training().maxTime() : config.training().maxSteps();
  }

  private static Curve until(Curve curve, double budget) {
    int rows = 0;
    while (rows < curve.size() && curve.steps()[rows] <= budget) {
      rows++;
    }
    return rows == curve.size()
        ? curve
        : new Curve(
            curve.columns(),
            java.util.Arrays.copyOf(curve.steps(), rows),
            java.util.Arrays.copyOf(curve.values(), rows));
  }

  /** The seed, as the file counts it. */
  public int seed() {
    return assignment.seed();
  }

  /** The configuration of the condition. */
  public RunConfig config() {
    return assignment.condition().config();
  }

  /** Thresholds of the condition, by name. */
  public Map<String, Threshold> thresholds() {
    return config().measurement().thresholds();
  }

  /**
   * How the run ended as far as this condition is concerned: what happened after its own limit does
   * not count.
   */
  public Optional<Outcome.State> ended() {
    return stored.map(
        run -> {
          boolean beyond =
              run.outcome().state() == Outcome.State.DIVERGED
                  && run.outcome().lastStep() > budget(config());
          return beyond ? Outcome.State.COMPLETE : run.outcome().state();
        });
  }

  /** The last step that counts. */
  public double lastStep() {
    return stored.map(run -> Math.min(run.outcome().lastStep(), budget(config()))).orElse(0.0);
  }

  /**
   * The crossing of one of the condition's thresholds. A metric that was never measured is not
   * crossed.
   */
  public Emergence emergence(String threshold) {
    Threshold level = thresholds().get(threshold);
    if (level == null) {
      throw new IllegalArgumentException(
          "no threshold '" + threshold + "'; known: " + String.join(", ", thresholds().keySet()));
    }
    return curve.has(level.metric())
        ? Emergence.of(curve, threshold, level)
        : new Emergence.Unreached(threshold, lastStep());
  }

  /** What the run says about a threshold. */
  public State state(String threshold) {
    if (ended().isEmpty()) {
      return State.MISSING;
    }
    return switch (ended().get()) {
      case DIVERGED -> State.DIVERGED;
      case FAILED -> State.FAILED;
      case COMPLETE ->
          emergence(threshold) instanceof Emergence.Reached ? State.REACHED : State.UNREACHED;
    };
  }

  /**
   * The threshold whose crossing time a column names, {@code plateau.steps} or {@code
   * plateau.time}; empty for a metric.
   */
  public static Optional<String> thresholdOf(String column) {
    String end = column.endsWith(STEPS) ? STEPS : column.endsWith(TIME) ? TIME : "";
    return end.isEmpty()
        ? Optional.empty()
        : Optional.of(column.substring(0, column.length() - end.length()));
  }

  /**
   * A number by its column: a crossing time, censored when the threshold was not reached, or the
   * last value of a metric.
   *
   * @return empty when the run is missing, diverged or failed, or the metric was never measured
   */
  public Optional<Value> value(String column) {
    if (ended().isEmpty() || ended().get() != Outcome.State.COMPLETE) {
      return Optional.empty();
    }
    Optional<String> threshold = thresholdOf(column).filter(thresholds()::containsKey);
    if (threshold.isEmpty()) {
      double last = last(column);
      return Double.isNaN(last) ? Optional.empty() : Optional.of(new Value(last, false));
    }
    Emergence emergence = emergence(threshold.get());
    return Optional.of(
        emergence instanceof Emergence.Reached reached
            ? new Value(reached.step(), false)
            : new Value(lastStep(), true));
  }

  /** The last measured value of a column; NaN when there is none. */
  public double last(String column) {
    double last = Double.NaN;
    if (curve.has(column)) {
      for (double v : curve.column(column)) {
        last = Double.isNaN(v) ? last : v;
      }
    }
    return last;
  }
}
