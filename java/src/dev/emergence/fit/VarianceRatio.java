package dev.emergence.fit;

import java.util.List;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * The ratio of two variances with an interval: Student's t on the logarithm of the ratio, the
 * squared standard errors of both logarithms by the jackknife added (Miller 1968), which holds for
 * distributions with heavy tails too, where the F distribution does not.
 *
 * @param value NaN when a variance is not positive
 * @param lower NaN when a side has fewer than three numbers, or when leaving out single numbers
 *     leaves no variance or always the same
 * @param upper likewise
 */
public record VarianceRatio(double value, double lower, double upper) {
  private static final int LEAST = 3;

  /**
   * @param above numbers whose variance is divided
   * @param below numbers whose variance divides
   * @param level such as 0.95
   */
  public static VarianceRatio of(List<Double> above, List<Double> below, double level) {
    double a = variance(above, -1);
    double b = variance(below, -1);
    if (!(a > 0 && b > 0)) {
      return new VarianceRatio(Double.NaN, Double.NaN, Double.NaN);
    }
    double ratio = a / b;
    if (above.size() < LEAST || below.size() < LEAST) {
      return new VarianceRatio(ratio, Double.NaN, Double.NaN);
    }
    double sa = squaredError(above);
    double sb = squaredError(below);
    // Infinite where only one number differs: without it the logarithm is that of 0. And 0
    // where two values are equally frequent on each side, so that any number can be left out alike.
    if (!(sa + sb > 0 && Double.isFinite(sa + sb))) {
      return new VarianceRatio(ratio, Double.NaN, Double.NaN);
    }
    double freedom =
        (sa + sb) * (sa + sb) / (sa * sa / (above.size() - 1) + sb * sb / (below.size() - 1));
    double half =
        new TDistribution(Math.max(1, freedom)).inverseCumulativeProbability((1 + level) / 2)
            * Math.sqrt(sa + sb);
    return new VarianceRatio(ratio, ratio * Math.exp(-half), ratio * Math.exp(half));
  }

  /** Of the logarithm of the variance, by leaving out each number in turn. */
  private static double squaredError(List<Double> values) {
    int n = values.size();
    double[] logs = new double[n];
    double mean = 0;
    for (int i = 0; i < n; i++) {
      logs[i] = Math.log(variance(values, i));
      mean += logs[i] / n;
    }
    double sum = 0;
    for (double log : logs) {
      sum += (log - mean) * (log - mean);
    }
    return sum * (n - 1) / n;
  }

  /** The unbiased variance; NaN of fewer than two numbers. */
  public static double variance(List<Double> values) {
    return variance(values, -1);
  }

  private static double variance(List<Double> values, int without) {
    int n = values.size() - (without < 0 ? 0 : 1);
    // Counted from one of the numbers, equal ones have a variance of exactly 0.
    double from = values.isEmpty() ? 0 : values.get(without == 0 ? values.size() - 1 : 0);
    double mean = 0;
    for (int i = 0; i < values.size(); i++) {
      mean += i == without ? 0 : (values.get(i) - from) / n;
    }
    double sum = 0;
    for (int i = 0; i < values.size(); i++) {
      double off = values.get(i) - from - mean;
      sum += i == without ? 0 : off * off;
    }
    return sum / (n - 1);
  }
}
