package dev.emergence.fit;

import org.apiguardian.api.API;

/**
 * An estimate with its interval.
 *
 * @param value the estimate from all points
 * @param lower lower end of the interval; NaN when there is none
 * @param upper upper end of the interval; NaN when there is none
 */
@API(status = API.Status.MAINTAINED)
public record Estimate(double value, double lower, double upper) {
  /** Whether there is an interval. */
  public boolean hasInterval() {
    return !Double.isNaN(lower) && !Double.isNaN(upper);
  }
}
