package dev.emergence.spec;

import java.time.Duration;
import java.util.Optional;

/** How the work is carried out; never part of a run's identity. */
public record ExecutionSpec(
    @Key(doc = "auto, cpu, cuda, or cuda:N; auto says which it took.", value = "auto")
        String device,
    @Key(
            doc = "Runs trained side by side; default: one a core.",
            value = Key.ABSENT,
            min = 1,
            max = 4096)
        Optional<Integer> jobs,
    @Key(doc = "Threads of one run.", value = "1", min = 1, max = 1024) int threads,
    @Key(doc = "Longest loss of work when a process dies.", value = "5min")
        Duration checkpointEvery,
    @Key(doc = "Further attempts at a run that failed.", value = "1", min = 0, max = 100)
        int retries,
    @Key(doc = "Whether other runs go on when one has failed.", value = "continue")
        OnFailure onFailure,
    @Key(
            doc =
                "Of which finished runs weights and the optimiser's state are kept, so that they can"
                    + " be exported and continued: all, unreached (those that nothing has stopped"
                    + " before max_steps), none. Others are trained anew when more of them is asked.",
            value = "unreached",
            since = 2)
        Keep keep) {
  /** Which finished runs keep what continues them. */
  public enum Keep {
    /** Every one. */
    ALL,
    /** Those that ended at their limit: a larger one continues them. */
    UNREACHED,
    /** None. */
    NONE
  }

  /** What a failed run means for the others. */
  public enum OnFailure {
    CONTINUE,
    STOP
  }
}
