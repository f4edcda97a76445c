package dev.emergence.spec;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** How the work is carried out; never part of a run's identity. */
public record ExecutionSpec(
    @Key(
            doc =
                "auto, cpu, cuda, or cuda:N for GPU number N. auto chooses and prints"
                    + " its choice.",
            value = "auto")
        String device,
    @Key(
            doc = "Number of runs trained at the same time. Default: one for each core.",
            value = Key.ABSENT,
            min = 1,
            max = 4096)
        Optional<Integer> jobs,
    @Key(doc = "Number of threads for one run.", value = "1", min = 1, max = 1024) int threads,
    @Key(
            doc = "Time between checkpoints: the most work that is lost if a process" + " dies.",
            value = "5min")
        Duration checkpointEvery,
    @Key(doc = "How often a run that failed is tried again.", value = "1", min = 0, max = 100)
        int retries,
    @Key(doc = "Whether the other runs continue after one has failed.", value = "continue")
        OnFailure onFailure,
    @Key(
            doc =
                "Which finished runs keep their weights and the optimiser's state, so"
                    + " that they can be exported and continued. unreached: those that nothing"
                    + " stopped before max_steps. The others are trained again if they must"
                    + " continue.",
            value = "unreached",
            since = 2)
        Keep keep) {
  private static final Pattern DEVICE = Pattern.compile("auto|cpu|cuda(:[0-9]{1,3})?");

  /** Whether a word can be a device, be it there or not. */
  public static boolean isDevice(String word) {
    return DEVICE.matcher(word).matches();
  }

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
