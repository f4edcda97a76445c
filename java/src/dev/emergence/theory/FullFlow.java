package dev.emergence.theory;

import java.util.Arrays;

/**
 * Gradient flow of the toy model itself on the expected loss (Eqs. 7-8): a score for each position
 * and a full weight matrix, nothing reduced. It checks the reduction, and covers what the reduction
 * assumes away: any W*, any start.
 *
 * <p>A state is (a_1, ..., a_T, W_11, W_12, ..., W_dd), weights row by row. The last B positions
 * are the relevant ones. With m the attention on them, q the sum of squared attention on the others
 * and x̃ the special token,
 *
 * <pre>L = 1/2 [ q ‖W‖² / d + p ‖(m W - W*) x̃‖² + (1-p)/d ‖m W - W*‖² ]</pre>
 *
 * <p>A derivative costs O(T + d²). Not safe for use by several threads at once: it keeps its work
 * arrays.
 */
public final class FullFlow implements Flow {
  private final Setting setting;
  private final double[] target;
  private final double[] special;
  private final double[] alpha;
  private final double[] error;

  /**
   * @param target W*, d×d
   * @param special x̃, a vector of d; read only when p > 0
   */
  public FullFlow(Setting setting, double[][] target, double[] special) {
    int d = setting.dim();
    if (target.length != d
        || Arrays.stream(target).anyMatch(row -> row.length != d)
        || special.length != d) {
      throw new IllegalArgumentException(
          "W* must be " + d + "×" + d + " and the special token of length " + d);
    }
    this.setting = setting;
    this.target = flatten(target);
    this.special = special.clone();
    alpha = new double[setting.length()];
    error = new double[d * d];
  }

  /** The state with all scores 0 and the given weights, d×d. */
  public double[] start(double[][] weights) {
    double[] state = new double[dimension()];
    double[] flat = flatten(weights);
    System.arraycopy(flat, 0, state, setting.length(), flat.length);
    return state;
  }

  private static double[] flatten(double[][] matrix) {
    return Arrays.stream(matrix).flatMapToDouble(Arrays::stream).toArray();
  }

  @Override
  public int dimension() {
    return setting.length() + setting.dim() * setting.dim();
  }

  @Override
  public void derivatives(double[] state, double[] out) {
    attend(state, alpha);
    int irrelevant = setting.irrelevant();
    int length = setting.length();
    double mass = sum(alpha, irrelevant, length);
    double spread = sumOfSquares(alpha, 0, irrelevant) / setting.dim();
    weightDerivatives(state, mass, spread, out);
    double norm = sumOfSquares(state, length, state.length) / setting.dim();
    double signal = 0;
    for (int i = 0; i < error.length; i++) {
      signal += state[length + i] * error[i];
    }
    double mean = norm * spread * setting.dim() + signal * mass;
    for (int t = 0; t < length; t++) {
      double slope = t < irrelevant ? alpha[t] * norm : signal;
      out[t] = -alpha[t] * (slope - mean);
    }
  }

  /** Leaves (m W - W*) Σ_T in {@link #error} and writes -∂L/∂W. */
  private void weightDerivatives(double[] state, double mass, double spread, double[] out) {
    int d = setting.dim();
    int at = setting.length();
    double plain = setting.plainVariance();
    for (int i = 0; i < d; i++) {
      double along = 0;
      for (int j = 0; j < d; j++) {
        double difference = mass * state[at + i * d + j] - target[i * d + j];
        error[i * d + j] = plain * difference;
        along += difference * special[j];
      }
      for (int j = 0; j < d; j++) {
        error[i * d + j] += setting.crossSample() * along * special[j];
        out[at + i * d + j] = -(mass * error[i * d + j] + spread * state[at + i * d + j]);
      }
    }
  }

  /** The training loss at a state. */
  public double loss(double[] state) {
    return loss(state, setting);
  }

  /**
   * The loss of this state on data with other repetition: the last {@code on.inContext()} positions
   * hold the relevant token.
   *
   * @param on the same task with another B or p
   */
  public double loss(double[] state, Setting on) {
    double[] attention = new double[setting.length()];
    attend(state, attention);
    double mass = sum(attention, on.irrelevant(), on.length());
    double spread = sumOfSquares(attention, 0, on.irrelevant()) / on.dim();
    int d = on.dim();
    int at = setting.length();
    double sum = 0;
    for (int i = 0; i < d; i++) {
      double along = 0;
      double squares = 0;
      for (int j = 0; j < d; j++) {
        double w = state[at + i * d + j];
        double difference = mass * w - target[i * d + j];
        along += difference * special[j];
        squares += on.plainVariance() * difference * difference + spread * w * w;
      }
      sum += on.crossSample() * along * along + squares;
    }
    return sum / 2;
  }

  /** The attention on all relevant positions together. */
  public double relevantAttention(double[] state) {
    double[] attention = new double[setting.length()];
    attend(state, attention);
    return sum(attention, setting.irrelevant(), setting.length());
  }

  /**
   * Mean score of relevant positions minus mean score of the others; 0 when there are no others.
   */
  public double deltaA(double[] state) {
    int irrelevant = setting.irrelevant();
    if (irrelevant == 0) {
      return 0;
    }
    return sum(state, irrelevant, setting.length()) / setting.inContext()
        - sum(state, 0, irrelevant) / irrelevant;
  }

  /** w = ⟨W, W*⟩ / ‖W*‖, the coordinate of Eq. 12. */
  public double projection(double[] state) {
    double sum = 0;
    for (int i = 0; i < target.length; i++) {
      sum += state[setting.length() + i] * target[i];
    }
    return sum / Math.sqrt(sumOfSquares(target, 0, target.length));
  }

  /**
   * {w̃, w} of Eq. 17: W's projections on W* along the special token, a unit vector here, and
   * across it.
   */
  public double[] splitProjection(double[] state) {
    int d = setting.dim();
    double[] products = new double[2];
    double[] norms = new double[2];
    for (int i = 0; i < d; i++) {
      double w = 0;
      double star = 0;
      for (int j = 0; j < d; j++) {
        double entry = state[setting.length() + i * d + j];
        products[1] += entry * target[i * d + j];
        norms[1] += target[i * d + j] * target[i * d + j];
        w += entry * special[j];
        star += target[i * d + j] * special[j];
      }
      products[0] += w * star;
      norms[0] += star * star;
    }
    double across = Math.max(0, norms[1] - norms[0]);
    return new double[] {
      products[0] / Math.sqrt(norms[0]),
      across == 0 ? 0 : (products[1] - products[0]) / Math.sqrt(across)
    };
  }

  private static void attend(double[] state, double[] out) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < out.length; t++) {
      largest = Math.max(largest, state[t]);
    }
    double sum = 0;
    for (int t = 0; t < out.length; t++) {
      out[t] = Math.exp(state[t] - largest);
      sum += out[t];
    }
    for (int t = 0; t < out.length; t++) {
      out[t] /= sum;
    }
  }

  private static double sum(double[] x, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += x[i];
    }
    return sum;
  }

  private static double sumOfSquares(double[] x, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += x[i] * x[i];
    }
    return sum;
  }
}
