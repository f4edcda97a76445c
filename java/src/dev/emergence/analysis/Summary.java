package dev.emergence.analysis;

import java.util.List;
import org.apiguardian.api.API;

/**
 * Mean and spread over the seeds of a condition.
 *
 * @param mean over seeds with a known value; NaN with none
 * @param std sample standard deviation; NaN with fewer than two
 * @param min smallest known value; NaN with none
 * @param max largest known value; NaN with none
 * @param known seeds with a known value
 * @param censored seeds whose value is only known to be larger than a limit
 * @param limit the largest of those limits; NaN with none
 * @param seeds all seeds of the condition, missing, diverged and failed ones included
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
    double mean = known.length == 0 ? Double.NaN : sum / known.length;
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
