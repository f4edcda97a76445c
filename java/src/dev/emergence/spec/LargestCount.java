package dev.emergence.spec;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * How often the most frequent of some equally likely values occurs among a number of draws: what
 * naming it is right in, where one of the draws is asked for.
 */
public final class LargestCount {
  /** Up to so many draws the mean is exact; beyond it counts are taken to be independent. */
  private static final int EXACT = 128;

  private static final double NEGLIGIBLE = 1e-12;

  /** Files of many conditions ask for the same ones again and again. */
  private static final Map<List<Integer>, Double> KNOWN = new ConcurrentHashMap<>();

  private LargestCount() {}

  /** The mean of the largest count of {@code draws} draws from {@code values} values. */
  public static double mean(int draws, int values) {
    return KNOWN.computeIfAbsent(List.of(draws, values), asked -> found(draws, values));
  }

  private static double found(int draws, int values) {
    double[] logFactorial = new double[Math.min(draws, EXACT) + 1];
    for (int n = 1; n < logFactorial.length; n++) {
      logFactorial[n] = logFactorial[n - 1] + Math.log(n);
    }
    double mean = 0;
    double often = (double) draws / values;
    double logPoisson = -often; // the probability itself is 0 in double precision for large counts
    double below = 0;
    for (int most = 0; most < draws; most++) {
      below += Math.exp(logPoisson);
      logPoisson += Math.log(often / (most + 1));
      double within =
          draws <= EXACT ? within(draws, values, most, logFactorial) : Math.pow(below, values);
      mean += 1 - Math.min(1, within);
      if (within > 1 - NEGLIGIBLE) {
        break;
      }
    }
    return mean;
  }

  /**
   * The probability that no value occurs more than {@code most} times. That of twice as many values
   * follows from that of one group of them, so that groups are doubled and put together.
   */
  private static double within(int draws, int values, int most, double[] logFactorial) {
    double[] one = IntStream.rangeClosed(0, draws).mapToDouble(n -> n <= most ? 1 : 0).toArray();
    double[] all = null;
    int taken = 0;
    int size = 1;
    for (int left = values; left > 0; left >>= 1) {
      if ((left & 1) == 1) {
        all = all == null ? one : together(all, taken, one, size, logFactorial);
        taken += size;
      }
      if (left > 1) {
        one = together(one, size, one, size, logFactorial);
        size *= 2;
      }
    }
    return all[draws];
  }

  /**
   * Of n draws from both groups of values: each goes to the first with probability a / (a + b).
   *
   * @param first by the number of draws, whether all a values stay within the bound
   */
  private static double[] together(
      double[] first, int a, double[] second, int b, double[] logFactorial) {
    double[] out = new double[first.length];
    double logA = Math.log((double) a / (a + b));
    double logB = Math.log((double) b / (a + b));
    for (int n = 0; n < out.length; n++) {
      for (int k = 0; k <= n; k++) {
        double log = logFactorial[n] - logFactorial[k] - logFactorial[n - k];
        out[n] += first[k] * second[n - k] * Math.exp(log + k * logA + (n - k) * logB);
      }
    }
    return out;
  }
}
