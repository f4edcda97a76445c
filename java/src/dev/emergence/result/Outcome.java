package dev.emergence.result;

import org.apiguardian.api.API;

/**
 * How a run ended. Whether it emerged is not said here: that is read off its curve, for any
 * threshold, at any time.
 *
 * @param state how it ended
 * @param lastStep last optimiser step taken, or the one whose loss was not finite (time for a
 *     gradient flow)
 * @param reason empty when complete; else what diverged or failed, with the last finite loss and
 *     step
 * @param attempts how often it was tried
 * @param seconds wall time of the training
 */
@API(status = API.Status.MAINTAINED)
public record Outcome(State state, double lastStep, String reason, int attempts, double seconds) {

  /** How a run ended. */
  public enum State {
    /** Trained to its stop or to max_steps. */
    COMPLETE,
    /** NaN, infinity or explosion: not tried again. */
    DIVERGED,
    /** A fault of the machine or the program, after all attempts. */
    FAILED
  }
}
