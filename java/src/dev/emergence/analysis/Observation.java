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
 * A run as one condition sees it. Several conditions may share a run and end at different steps. A
 * condition sees only what was measured up to its own end: its {@code max_steps} or its stop. So
 * the result does not depend on how long other conditions or other files trained the run.
 *
 * @param stored the stored run; empty when the run has not been done yet
 * @param curve the part of the curve that counts; no rows when there is none
 * @param end where the run ends for this condition, in steps (in time for a gradient flow)
 */
@API(status = API.Status.MAINTAINED)
public record Observation(
    Assignment assignment, Optional<StoredRun> stored, Curve curve, double end) {
  private static final Curve NOTHING = new Curve(List.of(), new double[0], new double[0][]);
  private static final String STEPS = ".steps";
  private static final String TIME = ".time";

  /**
   * The observation of a run that may be stored. A run that others wanted to be shorter than this
   * condition asks for, or that was planned so before, is not stored for it: it goes on with the
   * next start.
   */
  public static Observation of(Assignment assignment, Optional<StoredRun> stored) {
    RunConfig config = assignment.condition().config();
    Optional<StoredRun> enough = stored.filter(run -> goesFarEnough(config, run));
    Curve whole = enough.map(StoredRun::curve).orElse(NOTHING);
    double end = end(config, whole);
    return new Observation(assignment, enough, whole.until(end), end);
  }

  private static boolean goesFarEnough(RunConfig config, StoredRun run) {
    return run.outcome().state() != Outcome.State.COMPLETE
        || run.outcome().lastStep() >= least(config, run.curve());
  }

  /** The last step, or time, of a run that was trained for this condition alone. */
  private static double least(RunConfig config, Curve curve) {
    if (config.architecture().isTrained()) {
      return Ending.lastStep(config, curve);
    }
    double end = Ending.of(config).end(curve);
    boolean flow = config.training().optimizer().inTime();
    return flow ? end * (1 - Trajectory.BRACKET) : Math.floor(end);
  }

  /**
   * The observation of an unfinished run.
   *
   * @param soFar what was measured so far
   */
  public static Observation unfinished(Assignment assignment, Curve soFar) {
    double end = end(assignment.condition().config(), soFar);
    return new Observation(assignment, Optional.empty(), soFar.until(end), end);
  }

  private static double end(RunConfig config, Curve curve) {
    return config.architecture().isTrained()
        ? Ending.lastStep(config, curve)
        : Ending.of(config).end(curve) * (1 + Trajectory.BRACKET);
  }

  /**
   * How far two looks at a level are apart: the evaluations of a training, each step of an
   * integrated descent. 0 for a flow, whose crossings are located.
   */
  public static double resolution(RunConfig config) {
    if (config.training().optimizer().inTime()) {
      return 0;
    }
    return config.architecture().isTrained() ? config.measurement().evaluateEvery() : 1;
  }

  /** The seed, as written in the file. */
  public int seed() {
    return assignment.seed();
  }

  /** The configuration of the condition. */
  public RunConfig config() {
    return assignment.condition().config();
  }

  /** The thresholds of the condition, by name. */
  public Map<String, Threshold> thresholds() {
    return config().measurement().thresholds();
  }

  /**
   * How the run ended for this condition. What happened after the condition's own end does not
   * count. Empty when the run is not stored.
   */
  public Optional<Outcome.State> ended() {
    return stored
        .map(StoredRun::outcome)
        .map(run -> run.lastStep() > end ? Outcome.State.COMPLETE : run.state());
  }

  /**
   * The last step that counts. This is the last evaluation, because nothing is known about later
   * steps. For a run that diverged or failed, it is the step at which it did.
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
   * The crossing of a threshold. A metric that was never measured is not crossed.
   *
   * @throws IllegalArgumentException when the condition has no such threshold; the message lists
   *     the known names
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
   * The state of the run for a threshold. A crossing before the run diverged or failed counts as
   * reached.
   *
   * @throws IllegalArgumentException when the condition has no such threshold; the message lists
   *     the known names
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
      case COMPLETE -> uncrossed(threshold);
    };
  }

  private State uncrossed(String threshold) {
    if (!curve.isMeasured(level(threshold).metric())) {
      return State.UNMEASURED;
    }
    return end < Ending.limit(config()) ? State.STOPPED : State.UNREACHED;
  }

  /** Whether the run is finished and no evaluation has a number of a metric of the condition. */
  public boolean isUnmeasured(String metric) {
    return ended().filter(Outcome.State.COMPLETE::equals).isPresent()
        && !curve.isMeasured(metric)
        && Metrics.has(config(), metric);
  }

  /**
   * The threshold of a column with a crossing time ({@code plateau.steps}, {@code plateau.time});
   * empty for the column of a metric.
   */
  public static Optional<String> thresholdOf(String column) {
    String end = column.endsWith(STEPS) ? STEPS : column.endsWith(TIME) ? TIME : "";
    return end.isEmpty()
        ? Optional.empty()
        : Optional.of(column.substring(0, column.length() - end.length()));
  }

  /**
   * The value of a column: a crossing time, or the last value of a metric. The time of a threshold
   * that was not reached is marked as censored.
   *
   * @return empty when the run is missing, when the metric was never measured, or when the run
   *     diverged or failed. A crossing before that still gives its time.
   * @throws IllegalArgumentException when the condition has no such column; the message lists the
   *     known names
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

  /**
   * How long the run waited for a threshold: until its crossing, or, as a lower limit, until it was
   * last looked at. A run that diverged before waits without end.
   *
   * @return empty when the run failed or is missing, or when the metric was never measured
   * @throws IllegalArgumentException when the condition has no such threshold; the message lists
   *     the known names
   */
  public Optional<Value> waited(String threshold) {
    return state(threshold) == State.DIVERGED
        ? Optional.of(new Value(Double.POSITIVE_INFINITY, true))
        : time(threshold);
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
   * The last measured value of a metric; NaN when it was never measured.
   *
   * @throws IllegalArgumentException when the condition has no such column; the message lists the
   *     known names
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
