package dev.emergence.fit;

/**
 * How points are made and intervals drawn.
 *
 * @param aggregate what becomes of the seeds of one condition
 * @param censored whether points that never emerged enter as censored; else they are left out, and
 *     counted
 * @param resampling how intervals are made
 */
public record FitOptions(Aggregate aggregate, boolean censored, Resampling resampling) {

  /** What becomes of the seeds of one condition. */
  public enum Aggregate {
    /** Every run is a point. */
    PER_SEED,
    /** The mean of the times is the point; when one of them is censored, so is the mean. */
    MEAN,
    /** The median of the times is the point; it is censored when it falls on a censored time. */
    MEDIAN
  }

  /** What a bootstrap draws with replacement. */
  public enum Unit {
    /** Seeds, the same draw for all conditions. */
    SEED,
    /** Single points, after aggregation. */
    POINT
  }

  /**
   * A percentile bootstrap.
   *
   * @param resamples how many; 0 makes no intervals
   * @param level coverage in (0, 1)
   * @param unit what is drawn
   * @param seed of the generator, so that intervals are the same each time
   */
  public record Resampling(int resamples, double level, Unit unit, long seed) {
    public Resampling {
      if (resamples < 0 || !(level > 0 && level < 1)) {
        throw new IllegalArgumentException(
            "a bootstrap needs resamples >= 0 and a level in (0, 1), got "
                + resamples
                + ", "
                + level);
      }
    }
  }
}
