package dev.emergence.fit;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apiguardian.api.API;

/**
 * The same law, fitted again without each seed or each point in turn (a jackknife); where points
 * are medians of seeds, without half of the seeds in turn. Intervals are computed from these laws.
 *
 * @param laws parameters by name, for each law; empty when there are no intervals
 * @param quantile Student's quantile, by which the standard error is multiplied; where half of the
 *     seeds are left out, times what makes the formula of {@link #halfWidth} hold for halves
 */
@API(status = API.Status.MAINTAINED)
public record Replicates(List<Map<String, Double>> laws, double quantile) {
  public Replicates {
    laws = List.copyOf(laws);
  }

  /** Whether there are no intervals. */
  public boolean isEmpty() {
    return laws.isEmpty();
  }

  /**
   * Half the width of the interval of a quantity: the quantile times the jackknife's standard error
   * √((n - 1)/n Σ (q_u - mean)²). Here q_u is the quantity of the law without seed or point u, and
   * mean is the mean of all q_u.
   *
   * @param quantity computes the quantity from the parameters of a law, such as the logarithm of a
   *     predicted time
   * @return NaN when there are no intervals
   */
  public double halfWidth(ToDoubleFunction<Map<String, Double>> quantity) {
    double[] values = laws.stream().mapToDouble(quantity).toArray();
    double mean = 0;
    for (double v : values) {
      mean += v / values.length;
    }
    double squares = 0;
    for (double v : values) {
      squares += (v - mean) * (v - mean);
    }
    int n = values.length;
    return n == 0 ? Double.NaN : quantile * Math.sqrt((n - 1.0) / n * squares);
  }
}
