package dev.emergence.study;

import dev.emergence.measure.Emergence;
import dev.emergence.measure.Ending;
import dev.emergence.measure.Moments;
import dev.emergence.plan.Run;
import dev.emergence.result.Damaged;
import dev.emergence.result.Outcome;
import dev.emergence.result.RunFolder;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.RunConfig;
import dev.emergence.task.Replica;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.ShapedArray;
import dev.emergence.train.HeadChange;
import dev.emergence.train.Subject;
import dev.emergence.train.TestSubject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/** A finished run, and what a study may use of it: moments, stored parameters, its models. */
public final class StudiedRun implements AutoCloseable {
  private static final String BEFORE = "before_";
  private static final String AFTER = "after_";

  private final Backend backend;
  private final Run run;
  private final StoredRun stored;
  private final RunFolder folder;
  private final Map<String, Threshold> thresholds;
  private final TreeSet<Long> steps;
  private final Runnable pulse;
  private Optional<TestSubject> measured = Optional.empty();
  private String measuredBy = "";

  /**
   * A run.
   *
   * @param backend where its models compute; stays the caller's
   * @param run as planned
   * @param stored its outcome and curve, up to where the study may look
   * @param thresholds those that moments are named by
   * @param pulse called again and again during the work; may throw to end it
   */
  StudiedRun(
      Backend backend,
      Run run,
      StoredRun stored,
      RunFolder folder,
      Map<String, Threshold> thresholds,
      Runnable pulse) {
    this.backend = backend;
    this.run = run;
    this.stored = stored;
    this.folder = folder;
    this.thresholds = thresholds;
    this.pulse = pulse;
    long last = (long) stored.outcome().lastStep();
    this.steps = new TreeSet<>(folder.weights().steps().headSet(last, true));
  }

  /** A run up to the end of its condition, however far others have trained it. */
  static StoredRun asSeen(StoredRun stored, RunConfig config) {
    int every = config.measurement().evaluateEvery();
    long end = Ending.of(config).lastStep(stored.curve(), every);
    if (stored.outcome().lastStep() <= end) {
      return stored;
    }
    Outcome was = stored.outcome();
    Outcome seen = new Outcome(Outcome.State.COMPLETE, end, "", was.attempts(), was.seconds());
    return new StoredRun(stored.run(), seen, stored.curve().until(end));
  }

  /** Steps at which parameters are stored, ascending. */
  public SortedSet<Long> steps() {
    return steps;
  }

  /**
   * The step of a moment at which parameters are stored.
   *
   * @param moment a step, {@code last}, a threshold's name, {@code before_NAME} for the last stored
   *     step that lies before the crossing, {@code after_NAME} for the first that does not
   * @throws NoMoment when there is none
   */
  public long step(String moment) throws NoMoment {
    if (moment.matches("\\d{1,18}")) {
      return stored(moment, Long.parseLong(moment));
    } else if (moment.equals("last")) {
      return stored(moment, (long) stored.outcome().lastStep());
    } else if (thresholds.containsKey(moment)) {
      OptionalLong at = Moments.confirmed(stored.curve(), thresholds.get(moment));
      return stored(
          moment, at.orElseThrow(() -> new NoMoment("threshold " + moment + " was not reached")));
    }
    boolean before = moment.startsWith(BEFORE);
    Emergence.Reached crossing =
        crossing(moment.substring(before ? BEFORE.length() : AFTER.length()));
    Long at = before ? steps.floor((long) crossing.lower()) : steps.ceiling((long) crossing.step());
    boolean crossed = !before || crossing.lower() < crossing.step();
    if (at == null || !crossed) {
      throw new NoMoment("no parameters are stored " + moment.replace('_', ' '));
    }
    return at;
  }

  private Emergence.Reached crossing(String threshold) throws NoMoment {
    if (Emergence.of(stored.curve(), threshold, thresholds.get(threshold))
        instanceof Emergence.Reached reached) {
      return reached;
    }
    throw new NoMoment("threshold " + threshold + " was not reached");
  }

  private long stored(String moment, long step) throws NoMoment {
    if (!steps.contains(step)) {
      throw new NoMoment(
          "no parameters are stored at step "
              + step
              + (moment.equals(Long.toString(step)) ? "" : " (" + moment + ")"));
    }
    return step;
  }

  /**
   * The model of a stored step.
   *
   * @param column what it is measured by
   */
  public Subject subject(String column, long step) throws Damaged {
    return TestSubject.create(
        backend, replica(), column, parameters(step), Optional.empty(), pulse);
  }

  /** The model of a stored step, whose heads can take the patterns of another one. */
  public Subject subject(String column, long step, long donor) throws Damaged {
    return TestSubject.create(
        backend, replica(), column, parameters(step), Optional.of(parameters(donor)), pulse);
  }

  /** What the model of a stored step is measured by a column. */
  public double measured(String column, long step) throws Damaged {
    Map<String, ShapedArray> parameters = parameters(step);
    if (measured.isEmpty() || !measuredBy.equals(column)) {
      close();
      measured =
          Optional.of(
              TestSubject.create(backend, replica(), column, parameters, Optional.empty(), pulse));
      measuredBy = column;
    }
    measured.get().load(parameters);
    return measured.get().measure(List.of(HeadChange.NONE))[0];
  }

  private Replica replica() {
    return new Replica(run.config(), run.seed());
  }

  private Map<String, ShapedArray> parameters(long step) throws Damaged {
    return folder.weights().read(step).tensors();
  }

  @Override
  public void close() {
    measured.ifPresent(Subject::close);
    measured = Optional.empty();
  }
}
