package dev.emergence.page;

/**
 * Running averages of a curve, over all its rows and with the start's bias taken out: a constant
 * stays constant, and later rows change no earlier value. Values that are not finite stay and are
 * passed over.
 */
final class Smoothing {
  /** Weights of what came before, as the page offers them. */
  static final double[] WEIGHTS = {0.6, 0.9};

  private Smoothing() {}

  /**
   * The averages.
   *
   * @param weight of what came before, in 0..1
   */
  static double[] of(double[] values, double weight) {
    double[] out = values.clone();
    double sum = 0;
    double norm = 0;
    for (int row = 0; row < out.length; row++) {
      if (Double.isFinite(values[row])) {
        sum = weight * sum + (1 - weight) * values[row];
        norm = weight * norm + (1 - weight);
        out[row] = sum / norm;
      }
    }
    return out;
  }
}
