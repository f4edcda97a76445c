package dev.emergence.fit;

import java.util.List;

/**
 * A law that is linear after taking logarithms: log time of condition c = offsets[c] + Σ_k
 * rows[c][k] θ_k.
 *
 * @param parameters one a column; a factor's θ is its logarithm
 * @param rows {@code rows[condition][parameter]}: 1 (or a power) for a factor, the logarithm of its
 *     base for an exponent
 * @param offsets the part of the law's logarithm that has no parameter, one a condition
 */
public record Design(List<Parameter> parameters, double[][] rows, double[] offsets) {
  public Design {
    parameters = List.copyOf(parameters);
    if (rows.length != offsets.length) {
      throw new IllegalArgumentException(
          "a design has an offset a row, got " + offsets.length + " and " + rows.length);
    }
    for (double[] row : rows) {
      if (row.length != parameters.size()) {
        throw new IllegalArgumentException(
            "a design's row has " + parameters.size() + " columns, got " + row.length);
      }
    }
  }

  double predict(double[] theta, int condition) {
    double sum = offsets[condition];
    for (int k = 0; k < theta.length; k++) {
      sum += rows[condition][k] * theta[k];
    }
    return sum;
  }
}
