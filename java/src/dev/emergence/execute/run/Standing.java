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
 * How a planned run stands in the results.
 *
 * @param state what there is
 * @param step how far it has come: last stored step (time for a gradient flow)
 * @param seconds wall time spent on it
 * @param reason why it failed, diverged or is damaged; else empty
 */
@API(status = API.Status.MAINTAINED)
public record Standing(PlannedRun run, State state, double step, double seconds, String reason) {

  /** What there is of a run. */
  public enum State {
    /** Nothing. */
    TO_DO,
    /** Somebody alive works on it. */
    RUNNING,
    /** Left in the middle, with or without a checkpoint. */
    INTERRUPTED,
    /** Finished, but its conditions now ask for more. */
    TO_CONTINUE,
    /** Finished as asked. */
    COMPLETE,
    /** Ended by itself; it would end so again. */
    DIVERGED,
    /** Failed after all attempts; the next start tries again. */
    FAILED,
    /** Something that cannot be read; the next start puts it into quarantine and begins anew. */
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
      if (stored.isEmpty()) {
        boolean begun = Files.exists(folder.partial());
        return new Standing(planned, begun ? State.INTERRUPTED : State.TO_DO, 0, 0, "");
      }
      Outcome outcome = stored.get().outcome();
      State state = state(planned, stored.get(), folder, spec);
      boolean anew = state == State.TO_CONTINUE && !folder.hasCheckpoint();
      return new Standing(
          planned, state, anew ? 0 : outcome.lastStep(), outcome.seconds(), outcome.reason());
    } catch (Damaged e) {
      return new Standing(planned, State.DAMAGED, 0, 0, e.getMessage());
    }
  }

  /** The same of a run that asks for other things; right where nothing is stored of it. */
  Standing of(PlannedRun other) {
    return new Standing(other, state, step, seconds, reason);
  }

  /** Whether nothing is left to be done for it. */
  public boolean isSettled() {
    return state == State.COMPLETE || state == State.DIVERGED;
  }

  /** Whether this start can do no more for it: it is settled, or has failed after all attempts. */
  public boolean isEnded() {
    return isSettled() || state == State.FAILED;
  }

  private static State state(
      PlannedRun planned, StoredRun stored, RunFolder folder, ExecutionSpec spec) throws Damaged {
    return switch (stored.outcome().state()) {
      case FAILED -> State.FAILED;
      case DIVERGED ->
          stored.outcome().lastStep() > Runners.of(planned).target(planned, stored.curve())
              ? completeOrNot(planned, stored, folder, spec) // Later than this plan looks.
              : State.DIVERGED;
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
