package dev.emergence.fit;

import java.math.BigDecimal;
import org.apiguardian.api.API;

/**
 * How points are made and intervals drawn.
 *
 * @param aggregate what becomes of the seeds of one condition
 * @param censored whether points that never emerged enter as censored; else they are left out, and
 *     counted
 * @param brackets whether a time is only taken to lie in its bracket; else it counts as exact
 * @param interval how intervals are made
 */
@API(status = API.Status.MAINTAINED)
public record FitOptions(
    Aggregate aggregate, boolean censored, boolean brackets, Interval interval) {

  /** What becomes of the seeds of one condition. */
  public enum Aggregate {
    /** Every run is a point. */
    PER_SEED,
    /** The mean of the times is the point; when one of them is censored, so is the mean. */
    MEAN,
    /** The median of the times is the point; it is censored when it falls on a censored time. */
    MEDIAN
  }

  /** What is taken to vary independently, and is left out one at a time. */
  public enum Unit {
    /** Seeds, each with all its conditions. */
    SEED,
    /** Single points, after aggregation. */
    POINT
  }

  /**
   * How intervals are made.
   *
   * @param level coverage in (0, 1)
   * @param unit what varies independently
   */
  public record Interval(double level, Unit unit) {
    public Interval {
      if (!(level > 0 && level < 1)) {
        throw new IllegalArgumentException("an interval needs a level in (0, 1), got " + level);
      }
    }
  }

  /** A share as people write it: {@code 95%}, {@code 99.5%}. */
  public static String percent(double share) {
    return BigDecimal.valueOf(share)
            .multiply(BigDecimal.valueOf(100))
            .stripTrailingZeros()
            .toPlainString()
        + "%";
  }
}
