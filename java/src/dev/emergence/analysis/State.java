package dev.emergence.analysis;

import java.util.Locale;
import org.apiguardian.api.API;

/** The state of a run for one threshold of one condition. */
@API(status = API.Status.MAINTAINED)
public enum State {
  /** The threshold was crossed. */
  REACHED,
  /** The threshold was not crossed by the last step. The crossing is later, or never. */
  UNREACHED,
  /**
   * The threshold was not crossed by the last step, and the run ended there because another
   * threshold stopped it. Whether it would have been crossed before {@code max_steps} is not known.
   */
  STOPPED,
  /**
   * The run is finished, and no evaluation has a number of the threshold's metric: nothing of what
   * it measures was in the test set. Such a run is not a point of any fit.
   */
  UNMEASURED,
  /** The loss exploded or was no longer a number. Such a run is not a point of any fit. */
  DIVERGED,
  /** An error of the machine or of the program. Such a run is not a point of any fit. */
  FAILED,
  /** The run is not stored yet. */
  MISSING;

  /** The word in tables. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
