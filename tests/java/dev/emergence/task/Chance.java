package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.hipparchus.distribution.continuous.ChiSquaredDistribution;

/**
 * Statistical checks. Seeds are fixed, so a check that passes always passes; bounds are wide enough
 * that a right sampler meets them with all but one in a million seeds, and a wrong one is far off
 * with the sample sizes used.
 */
final class Chance {
  private static final double RARE = 1e-6;
  private static final double DEVIATIONS = 5;

  private Chance() {}

  /**
   * Counts must look drawn with these probabilities (Pearson's test): neither too far from them nor
   * too close.
   */
  static void assertCounts(String what, long[] counts, double[] probabilities) {
    long n = Arrays.stream(counts).sum();
    double statistic = 0;
    int freedom = -1;
    for (int i = 0; i < counts.length; i++) {
      double expected = n * probabilities[i];
      if (expected == 0) {
        assertThat(counts[i]).as(what + ": outcome " + i + " is impossible").isZero();
        continue;
      }
      assertThat(expected).as(what + ": too few samples for outcome " + i).isGreaterThan(5);
      statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
      freedom++;
    }
    double below = new ChiSquaredDistribution(freedom).cumulativeProbability(statistic);
    assertThat(below)
        .as(what + ": chi-squared of " + Arrays.toString(counts) + " is " + statistic)
        .isBetween(RARE, 1 - RARE);
  }

  /** As above, all outcomes equally likely. */
  static void assertUniform(String what, long[] counts) {
    double[] probabilities = new double[counts.length];
    Arrays.fill(probabilities, 1.0 / counts.length);
    assertCounts(what, counts, probabilities);
  }

  /** A number of successes in independent trials. */
  static void assertBinomial(String what, long successes, long trials, double p) {
    double deviation = Math.sqrt(trials * p * (1 - p));
    assertThat(Math.abs(successes - trials * p))
        .as(what + ": " + successes + " of " + trials + " with probability " + p)
        .isLessThanOrEqualTo(DEVIATIONS * deviation);
  }

  /**
   * The mean of independent values.
   *
   * @param deviation of one value
   */
  static void assertMean(String what, double mean, long n, double expected, double deviation) {
    assertThat(Math.abs(mean - expected))
        .as(what + ": mean " + mean + " of " + n + ", expected " + expected)
        .isLessThanOrEqualTo(DEVIATIONS * deviation / Math.sqrt(n));
  }
}
