package dev.emergence.analysis;

import dev.emergence.measure.Emergence;
import dev.emergence.measure.Ending;
import dev.emergence.plan.Assignment;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.RunConfig;
import dev.emergence.theory.Trajectory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * One run seen by one condition: only what was measured up to the condition's own end counts, its
 * {@code max_steps} or its stop, however long other conditions or other files had the shared run
 * trained. So what is read off a run follows from the file alone.
 *
 * @param stored empty when the run has not been done yet
 * @param curve the part of the curve that counts; without rows when there is none
 * @param end where the run ends for this condition, in steps (time for a gradient flow)
 */
@API(status = API.Status.MAINTAINED)
public record Observation(
    Assignment assignment, Optional<StoredRun> stored, Curve curve, double end) {
  private static final Curve NOTHING = new Curve(List.of(), new double[0], new double[0][]);
  private static final String STEPS = ".steps";
  private static final String TIME = ".time";

  /** A run that is stored, or not yet. */
  public static Observation of(Assignment assignment, Optional<StoredRun> stored) {
    RunConfig config = assignment.condition().config();
    Curve whole = stored.map(StoredRun::curve).orElse(NOTHING);
    double end = end(config, whole);
    return new Observation(assignment, stored, until(whole, end), end);
  }

  /** A run that is not stored yet, with what has been measured of it so far. */
  public static Observation unfinished(Assignment assignment, Curve soFar) {
    double end = end(assignment.condition().config(), soFar);
    return new Observation(assignment, Optional.empty(), until(soFar, end), end);
  }

  private static double end(RunConfig config, Curve curve) {
    Ending ending = Ending.of(config);
    return config.architecture().isTrained()
        ? ending.lastStep(curve, config.measurement().evaluateEvery())
        : ending.end(curve) * (1 + Trajectory.BRACKET);
  }

  private static Curve until(Curve curve, double end) {
    int rows = 0;
    while (rows < curve.size() && curve.steps()[rows] <= end) {
      rows++;
    }
    return rows == curve.size() ? curve : curve.first(rows);
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
   * How the run ended as far as this condition is concerned: what happened after its own end does
   * not count.
   */
  public Optional<Outcome.State> ended() {
    return stored.map(
        run -> {
          Outcome outcome = run.outcome();
          boolean later = outcome.state() == Outcome.State.DIVERGED && outcome.lastStep() > end;
          return later ? Outcome.State.COMPLETE : outcome.state();
        });
  }

  /**
   * The last step that counts: the last evaluation, because nothing is known of later ones; of a
   * run that diverged or failed the step at which it did.
   */
  public double lastStep() {
    if (ended().isEmpty()) {
      return 0;
    }
    boolean whole = ended().get() == Outcome.State.COMPLETE;
    double measured = curve.size() == 0 ? 0 : curve.steps()[curve.size() - 1];
    return whole ? measured : stored.get().outcome().lastStep();
  }

  /**
   * The crossing of one of the condition's thresholds. A metric that was never measured is not
   * crossed.
   *
   * @throws IllegalArgumentException when the condition has no such threshold; names those it has
   */
  public Emergence emergence(String threshold) {
    Threshold level = level(threshold);
    return curve.has(level.metric())
        ? Emergence.of(curve, threshold, level)
        : new Emergence.Unreached(threshold, 0);
  }

  private Threshold level(String threshold) {
    Threshold level = thresholds().get(threshold);
    if (level == null) {
      throw new IllegalArgumentException(
          "no threshold '" + threshold + "'; known: " + String.join(", ", thresholds().keySet()));
    }
    return level;
  }

  /**
   * What the run says about a threshold; what it crossed before it diverged or failed counts.
   *
   * @throws IllegalArgumentException when the condition has no such threshold; names those it has
   */
  public State state(String threshold) {
    level(threshold);
    if (ended().isEmpty()) {
      return State.MISSING;
    }
    if (emergence(threshold) instanceof Emergence.Reached) {
      return State.REACHED;
    }
    return switch (ended().get()) {
      case DIVERGED -> State.DIVERGED;
      case FAILED -> State.FAILED;
      case COMPLETE -> end < Ending.limit(config()) ? State.STOPPED : State.UNREACHED;
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
   * @return empty when the run is missing, when it diverged or failed (before a crossing, for a
   *     crossing time), or when the metric was never measured
   * @throws IllegalArgumentException when the condition has no such column; names those it has
   */
  public Optional<Value> value(String column) {
    requireKnown(column, config(), List.of(this));
    Optional<String> threshold = thresholdOf(column).filter(thresholds()::containsKey);
    if (threshold.isPresent()) {
      return time(threshold.get());
    }
    double last = last(column);
    boolean whole = ended().filter(Outcome.State.COMPLETE::equals).isPresent();
    return !whole || Double.isNaN(last) ? Optional.empty() : Optional.of(new Value(last, false));
  }

  /**
   * The loss on the first test set at the crossing of one of the condition's thresholds: what the
   * model had reached as a whole when a part of it emerged. NaN when it was not crossed, or when no
   * such loss is measured.
   *
   * @throws IllegalArgumentException when the condition has no such threshold; names those it has
   */
  public double lossAtEmergence(String threshold) {
    String loss = lossColumn(config());
    boolean crossed = state(threshold) == State.REACHED && curve.has(loss);
    if (!crossed || !(emergence(threshold) instanceof Emergence.Reached reached)) {
      return Double.NaN;
    }
    int row = Arrays.binarySearch(curve.steps(), reached.step());
    return row < 0 ? Double.NaN : curve.column(loss)[row];
  }

  /** The loss on the first test set of a configuration. */
  public static String lossColumn(RunConfig config) {
    return config.measurement().testSets().keySet().stream().findFirst().orElse("test") + ".loss";
  }

  private Optional<Value> time(String threshold) {
    Emergence emergence = emergence(threshold);
    return switch (state(threshold)) {
      case REACHED -> Optional.of(new Value(((Emergence.Reached) emergence).step(), false));
      case UNREACHED, STOPPED ->
          Optional.of(new Value(((Emergence.Unreached) emergence).lastStep(), true));
      default -> Optional.empty();
    };
  }

  static void requireKnown(String column, RunConfig config, List<Observation> seeds) {
    Set<String> thresholds = config.measurement().thresholds().keySet();
    boolean known =
        thresholdOf(column).filter(thresholds::contains).isPresent()
            || seeds.stream().anyMatch(o -> o.curve().has(column))
            || Metrics.has(config, column);
    if (!known) {
      List<String> columns = new ArrayList<>();
      thresholds.forEach(name -> columns.add(name + STEPS));
      columns.addAll(Metrics.of(config));
      throw new IllegalArgumentException(
          "no column '" + column + "'; known: " + String.join(", ", columns));
    }
  }

  /**
   * The last measured value of a column; NaN when it was not measured.
   *
   * @throws IllegalArgumentException when the condition has no such column; names those it has
   */
  public double last(String column) {
    requireKnown(column, config(), List.of(this));
    double last = Double.NaN;
    if (curve.has(column)) {
      for (double v : curve.column(column)) {
        last = Double.isNaN(v) ? last : v;
      }
    }
    return last;
  }
}
