package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Damaged;
import dev.emergence.result.Outcome;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.RunFolder;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.ExecutionSpec;
import java.nio.file.Files;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The state of a planned run in a results folder.
 *
 * @param run the run
 * @param state the state
 * @param step the last stored step (the time for a gradient flow)
 * @param seconds wall time spent on it, in seconds
 * @param reason why it failed, diverged or is damaged; otherwise empty
 * @param end the step (the time) up to which a run that is continued goes, as far as what is stored
 *     tells; infinite when it is not begun
 */
@API(status = API.Status.MAINTAINED)
public record Standing(
    PlannedRun run, State state, double step, double seconds, String reason, double end) {
  /** Of a run whose end is not known. */
  public Standing(PlannedRun run, State state, double step, double seconds, String reason) {
    this(run, state, step, seconds, reason, Double.POSITIVE_INFINITY);
  }

  /** The states of a run. */
  public enum State {
    /** Nothing is stored. */
    TO_DO,
    /** A worker that is alive trains it. */
    RUNNING,
    /** It was interrupted, with or without a checkpoint: the first time, or while continued. */
    INTERRUPTED,
    /** It is finished, but its conditions now ask for more. */
    TO_CONTINUE,
    /** It is finished, and all conditions have what they ask for. */
    COMPLETE,
    /** Its loss was no longer finite. It is not tried again, because it would diverge again. */
    DIVERGED,
    /** It failed in all attempts. The next start tries it again. */
    FAILED,
    /** What is stored cannot be read. The next start moves it to quarantine and begins again. */
    DAMAGED
  }

  /** Looks up what is stored of a run, whoever may be working on it. */
  static Standing stored(PlannedRun planned, ResultsFolder results, ExecutionSpec spec) {
    try {
      return of(planned, results, results.load(planned.id()), spec);
    } catch (Damaged e) {
      return new Standing(planned, State.DAMAGED, 0, 0, e.getMessage());
    }
  }

  /** How a run stands of which this is stored, whoever may be working on it. */
  @API(status = API.Status.INTERNAL)
  public static Standing of(
      PlannedRun planned, ResultsFolder results, Optional<StoredRun> stored, ExecutionSpec spec) {
    RunFolder folder = results.run(planned.id());
    try {
      boolean begun = Files.exists(folder.partial());
      if (stored.isEmpty()) {
        return new Standing(planned, begun ? State.INTERRUPTED : State.TO_DO, 0, 0, "");
      }
      Outcome outcome = stored.get().outcome();
      State state = state(planned, stored.get(), folder, spec);
      boolean continues = state == State.TO_CONTINUE;
      boolean anew = continues && !folder.hasCheckpoint();
      return new Standing(
          planned,
          continues && begun ? State.INTERRUPTED : state,
          anew ? 0 : outcome.lastStep(),
          outcome.seconds(),
          outcome.reason(),
          continues
              ? Runners.of(planned).target(planned, stored.get().curve())
              : Double.POSITIVE_INFINITY);
    } catch (Damaged e) {
      return new Standing(planned, State.DAMAGED, 0, 0, e.getMessage());
    }
  }

  /** The same of a run that asks for other things; right where nothing is stored of it. */
  Standing of(PlannedRun other) {
    return new Standing(other, state, step, seconds, reason, end);
  }

  /**
   * The step at which it is expected to end: that at which it has ended, if nothing is left to do
   * for it; known also where what is stored of it tells, for example that it has emerged.
   *
   * @param otherwise the step that is expected of a run of its kind
   */
  @API(status = API.Status.INTERNAL)
  public double expectedEnd(double otherwise) {
    return isSettled() ? step : run.cost().expectedEnd(step, end, otherwise);
  }

  /** Whether nothing is left to do for it. */
  public boolean isSettled() {
    return state == State.COMPLETE || state == State.DIVERGED;
  }

  /**
   * Whether this start can do nothing more for it: nothing is left to do, or all attempts failed.
   */
  public boolean isEnded() {
    return isSettled() || state == State.FAILED;
  }

  private static State state(
      PlannedRun planned, StoredRun stored, RunFolder folder, ExecutionSpec spec) throws Damaged {
    return switch (stored.outcome().state()) {
      case FAILED, DIVERGED ->
          stored.outcome().lastStep() > Runners.of(planned).target(planned, stored.curve())
              ? completeOrNot(planned, stored, folder, spec) // Later than this plan looks.
              : stored.outcome().state() == Outcome.State.FAILED ? State.FAILED : State.DIVERGED;
      case COMPLETE -> completeOrNot(planned, stored, folder, spec);
    };
  }

  private static State completeOrNot(
      PlannedRun planned, StoredRun stored, RunFolder folder, ExecutionSpec spec) throws Damaged {
    return Runners.of(planned).isAsAsked(planned, stored, folder, spec)
        ? State.COMPLETE
        : State.TO_CONTINUE;
  }
}
