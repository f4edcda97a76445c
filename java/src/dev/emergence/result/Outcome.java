package dev.emergence.result;

import org.apiguardian.api.API;

/**
 * How a run ended. It does not say whether the run emerged: this is computed from the curve, for
 * any threshold, at any time.
 *
 * @param state how it ended
 * @param lastStep the last optimiser step, or the step whose loss was not finite (the time for a
 *     gradient flow)
 * @param reason why it diverged or failed, with the last finite loss and its step; empty when it is
 *     complete
 * @param attempts the number of attempts
 * @param seconds wall time of the training, in seconds; of runs that train together each has the
 *     whole time that it was there
 */
@API(status = API.Status.MAINTAINED)
public record Outcome(State state, double lastStep, String reason, int attempts, double seconds) {

  /** How a run ended. */
  public enum State {
    /** It was trained to its stop or to max_steps. */
    COMPLETE,
    /** Its loss was NaN or infinite, or exploded. It is not tried again. */
    DIVERGED,
    /** An error of the machine or of the program, in all attempts. */
    FAILED
  }
}
