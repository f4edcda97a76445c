package dev.emergence.fit;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * The ratio of two means with an interval. The interval is Student's t on the logarithm of the
 * ratio. Its variance is the sum of the squared relative standard errors of both means (delta
 * method). Its degrees of freedom are those of Welch (1947) and Satterthwaite (1946).
 *
 * @param value the ratio; NaN when a mean is not positive
 * @param lower lower end of the interval; NaN when a side has fewer than two numbers
 * @param upper upper end of the interval; NaN when a side has fewer than two numbers
 */
public record MeanRatio(double value, double lower, double upper) {
  /** More numbers than anybody has: {@link #enough} looks no further. */
  public static final int MOST_NUMBERS = 1000;

  /**
   * Computes the ratio and its interval.
   *
   * @param above the numbers of the numerator
   * @param below the numbers of the denominator
   * @param level probability of the interval, such as 0.95
   */
  public static MeanRatio of(List<Double> above, List<Double> below, double level) {
    double a = mean(above);
    double b = mean(below);
    if (!(a > 0 && b > 0)) {
      return new MeanRatio(Double.NaN, Double.NaN, Double.NaN);
    }
    double ratio = a / b;
    double va = relativeVariance(above, a);
    double vb = relativeVariance(below, b);
    double variance = va + vb;
    double freedom =
        variance * variance / (va * va / (above.size() - 1) + vb * vb / (below.size() - 1));
    if (above.size() < 2 || below.size() < 2 || !(variance > 0)) {
      return new MeanRatio(ratio, Double.NaN, Double.NaN);
    }
    double half = quantile(freedom, level) * Math.sqrt(variance);
    return new MeanRatio(ratio, ratio * Math.exp(-half), ratio * Math.exp(half));
  }

  /**
   * How many numbers a side would need for the interval to leave out a bound, if the ratio and the
   * scatter of single numbers were found again; empty when a side has fewer than two numbers, or
   * {@link #MOST_NUMBERS} would not do.
   */
  public static OptionalInt enough(
      List<Double> above, List<Double> below, double bound, double level) {
    double a = mean(above);
    double b = mean(below);
    if (above.size() < 2 || below.size() < 2 || !(a > 0 && b > 0 && bound > 0)) {
      return OptionalInt.empty();
    }
    double va = relativeVariance(above, a) * above.size();
    double vb = relativeVariance(below, b) * below.size();
    double distance = Math.abs(Math.log(a / b / bound));
    return IntStream.rangeClosed(2, MOST_NUMBERS)
        .filter(
            n -> {
              double freedom = (va + vb) * (va + vb) / (va * va + vb * vb) * (n - 1);
              return quantile(freedom, level) * Math.sqrt((va + vb) / n) < distance;
            })
        .findFirst();
  }

  private static double quantile(double freedom, double level) {
    return new TDistribution(Math.max(1, freedom)).inverseCumulativeProbability((1 + level) / 2);
  }

  /** Whether there is an interval. */
  public boolean hasInterval() {
    return !Double.isNaN(lower);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
  }

  /** Squared standard error of the mean over the squared mean. */
  private static double relativeVariance(List<Double> values, double mean) {
    if (values.stream().distinct().count() == 1) {
      // The mean of equal numbers may differ from them by rounding.
      return 0;
    }
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    int n = values.size();
    return squares / (n - 1) / n / (mean * mean);
  }
}
