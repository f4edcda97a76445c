package dev.emergence.analysis;

import java.util.List;
import org.apiguardian.api.API;

/**
 * Mean and spread of a number over the seeds of a condition.
 *
 * @param mean mean of the known values; NaN when there are none
 * @param std sample standard deviation of the known values; NaN with fewer than two
 * @param min smallest known value; NaN when there are none
 * @param max largest known value; NaN when there are none
 * @param known number of seeds with a known value
 * @param censored number of seeds of which only a lower limit is known
 * @param limit the largest of these limits; NaN when there are none
 * @param seeds number of all seeds, with those that are missing, diverged or failed
 */
@API(status = API.Status.MAINTAINED)
public record Summary(
    double mean,
    double std,
    double min,
    double max,
    int known,
    int censored,
    double limit,
    int seeds) {

  static Summary of(List<Value> values, int seeds) {
    double[] known =
        values.stream().filter(v -> !v.censored()).mapToDouble(Value::number).toArray();
    double[] limits = values.stream().filter(Value::censored).mapToDouble(Value::number).toArray();
    double sum = 0;
    double min = Double.NaN;
    double max = Double.NaN;
    for (double v : known) {
      sum += v;
      min = Double.isNaN(min) ? v : Math.min(min, v);
      max = Double.isNaN(max) ? v : Math.max(max, v);
    }
    // The mean of equal numbers is theirs, and their spread 0, without the rounding of a sum.
    double mean = known.length == 0 ? Double.NaN : min == max ? min : sum / known.length;
    double squares = 0;
    for (double v : known) {
      squares += (v - mean) * (v - mean);
    }
    double std = known.length < 2 ? Double.NaN : Math.sqrt(squares / (known.length - 1));
    double limit = java.util.Arrays.stream(limits).max().orElse(Double.NaN);
    return new Summary(mean, std, min, max, known.length, limits.length, limit, seeds);
  }

  /** Standard error of the mean; NaN with fewer than two known values. */
  public double sem() {
    return std / Math.sqrt(known);
  }

  /** Whether every seed has a known value. */
  public boolean complete() {
    return known == seeds;
  }
}
