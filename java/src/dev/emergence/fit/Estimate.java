package dev.emergence.fit;

import org.apiguardian.api.API;

/**
 * A number with its interval.
 *
 * @param value the estimate from all points
 * @param lower end of the interval; NaN when none could be made
 * @param upper end of the interval; NaN when none could be made
 */
@API(status = API.Status.MAINTAINED)
public record Estimate(double value, double lower, double upper) {
  /** Whether there is an interval. */
  public boolean hasInterval() {
    return !Double.isNaN(lower) && !Double.isNaN(upper);
  }
}
