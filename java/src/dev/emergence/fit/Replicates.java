package dev.emergence.fit;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apiguardian.api.API;

/**
 * A law fitted again without each seed, or each point, in turn: what intervals of its parameters
 * and of what it predicts are made of.
 *
 * @param laws parameters by name; none where there is no interval
 * @param quantile Student's, by which a jackknife's standard error is multiplied
 */
@API(status = API.Status.MAINTAINED)
public record Replicates(List<Map<String, Double>> laws, double quantile) {
  public Replicates {
    laws = List.copyOf(laws);
  }

  /** Whether there is an interval. */
  public boolean isEmpty() {
    return laws.isEmpty();
  }

  /**
   * Half the width of the interval of a quantity: the quantile times the jackknife's standard error
   * √((n - 1)/n Σ (q without u - their mean)²).
   *
   * @param quantity of one law, such as the logarithm of what it predicts somewhere
   * @return NaN where there is no interval
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
