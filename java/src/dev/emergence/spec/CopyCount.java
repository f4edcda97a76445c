package dev.emergence.spec;

import dev.emergence.spec.TaskSpec.QueryPlacement;

/**
 * How often the query's key stands in the context of associative recall: the distribution that each
 * placement means.
 *
 * @param probabilities of 0, 1, ..., N copies
 */
public record CopyCount(double[] probabilities) {

  /** The distribution for N pairs and B wanted copies. */
  public static CopyCount of(QueryPlacement placement, int pairs, int copies) {
    double[] p = new double[pairs + 1];
    switch (placement) {
      case EXACTLY -> p[copies] = 1;
      case AT_LEAST_ONE -> {
        double each = pairs == 1 ? 0 : (copies - 1.0) / (pairs - 1);
        System.arraycopy(binomial(pairs - 1, each), 0, p, 1, pairs);
      }
      case BINOMIAL -> p = binomial(pairs, (double) copies / pairs);
      case BINOMIAL_POSITIVE -> {
        p = binomial(pairs, (double) copies / pairs);
        double some = 1 - p[0];
        p[0] = 0;
        for (int k = 1; k <= pairs; k++) {
          p[k] /= some;
        }
      }
    }
    return new CopyCount(p);
  }

  /** Probability of k copies. */
  public double of(int k) {
    return probabilities[k];
  }

  /**
   * How often the most frequent value of the context is the query's, a tie decided at random. The
   * other keys stand there once each, so it is with several copies, and one time in N with one.
   */
  public double mostFrequent() {
    double once = probabilities[1];
    return 1 - probabilities[0] - once + once / (probabilities.length - 1);
  }

  /** Expected number of copies. */
  public double mean() {
    double mean = 0;
    for (int k = 0; k < probabilities.length; k++) {
      mean += k * probabilities[k];
    }
    return mean;
  }

  /** Probabilities of 0, 1, ..., n successes. */
  public static double[] binomial(int n, double p) {
    double[] out = new double[n + 1];
    double logChoose = 0;
    for (int k = 0; k <= n; k++) {
      // 0 ln 0 counts as 0: at p = 0 or 1 only one outcome is possible.
      double log =
          logChoose + (k == 0 ? 0 : k * Math.log(p)) + (k == n ? 0 : (n - k) * Math.log1p(-p));
      out[k] = Math.exp(log);
      logChoose += Math.log((double) (n - k) / (k + 1));
    }
    return out;
  }
}
