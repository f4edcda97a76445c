package dev.emergence.fit;

import java.util.Arrays;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * A mean with its interval by Student's t.
 *
 * @param count numbers it is the mean of; those that are not numbers are left out
 * @param mean NaN of none
 * @param lower NaN of fewer than two, and where all are equal: numbers that do not vary by chance
 *     say nothing of how far others may be, and an interval of no width would say that they cannot
 *     be
 * @param upper likewise
 */
public record MeanInterval(int count, double mean, double lower, double upper) {

  /**
   * The mean of some numbers.
   *
   * @param level of the interval, such as 0.95
   */
  public static MeanInterval of(double[] values, double level) {
    double[] known = Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
    int n = known.length;
    double mean = Arrays.stream(known).average().orElse(Double.NaN);
    if (Arrays.stream(known).distinct().count() < 2) {
      return new MeanInterval(n, mean, Double.NaN, Double.NaN);
    }
    double squares = Arrays.stream(known).map(v -> (v - mean) * (v - mean)).sum();
    double error = Math.sqrt(squares / (n - 1) / n);
    double half = error * new TDistribution(n - 1).inverseCumulativeProbability((1 + level) / 2);
    return new MeanInterval(n, mean, mean - half, mean + half);
  }

  /** Whether there is an interval. */
  public boolean hasInterval() {
    return !Double.isNaN(lower);
  }
}
