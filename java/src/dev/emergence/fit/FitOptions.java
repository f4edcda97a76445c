package dev.emergence.fit;

import java.math.BigDecimal;
import org.apiguardian.api.API;

/**
 * How points are made, and how intervals are computed.
 *
 * @param aggregate how the seeds of a condition become points
 * @param censored whether points that never emerged count as "longer than"; otherwise they are left
 *     out, and their number is reported
 * @param brackets whether a time is only known to lie between two evaluations; otherwise it counts
 *     as exact
 * @param interval how intervals are computed
 */
@API(status = API.Status.MAINTAINED)
public record FitOptions(
    Aggregate aggregate, boolean censored, boolean brackets, Interval interval) {

  /** How the seeds of a condition become points. */
  public enum Aggregate {
    /** Every run is a point. */
    PER_SEED,
    /** The mean of the times is the point. If one of them is censored, the mean is censored too. */
    MEAN,
    /** The median of the times is the point. If a censored time may change it, it is censored. */
    MEDIAN
  }

  /** What varies independently. It is left out, one at a time. */
  public enum Unit {
    /** Seeds, each with all its conditions. */
    SEED,
    /** Single points, after aggregation. */
    POINT
  }

  /**
   * How intervals are computed.
   *
   * @param level probability of the interval, in (0, 1)
   * @param unit what is left out in turn
   */
  public record Interval(double level, Unit unit) {
    public Interval {
      if (!(level > 0 && level < 1)) {
        throw new IllegalArgumentException("an interval needs a level in (0, 1), got " + level);
      }
    }
  }

  /** A share in per cent: {@code 95%}, {@code 99.5%}. */
  public static String percent(double share) {
    return BigDecimal.valueOf(share)
            .multiply(BigDecimal.valueOf(100))
            .stripTrailingZeros()
            .toPlainString()
        + "%";
  }
}
