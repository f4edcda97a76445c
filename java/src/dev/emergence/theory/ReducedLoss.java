package dev.emergence.theory;

import java.util.Arrays;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;

/**
 * The expected loss of the toy model where training keeps it: a state is (v_1, ..., v_K, Δa), the
 * learned length of the weights along K groups of directions and the score of relevant tokens above
 * that of others.
 *
 * <p>{@link #plane} is (w, Δa), Eq. 12, for any B without cross-sample repetition. {@link #space}
 * is (w̃, w, Δa), Eq. 17 extended from B = 1 to any B. With s = Bα the attention on relevant
 * tokens, σ_k the second moment of the relevant token along group k and v*_k the optimum:
 *
 * <pre>L = 1/2 [ (1-s)² Σ v_k² / (d (T-B)) + Σ σ_k (s v_k - v*_k)² ]</pre>
 *
 * <p>The Hessian differs from the printed ones: the paper divides the first term of ∂²L/∂Δa² by
 * α(1-Bα), has α(1-Bα) unsquared in the second, and omits a factor 2 in the noise term of the mixed
 * derivatives of the three-dimensional loss. Finite differences confirm the forms used here. s
 * comes from a logistic function, so nothing overflows at any Δa, T or d. Immutable.
 */
public final class ReducedLoss {
  private final double[] variance;
  private final double[] target;
  private final double noise;
  private final double offset;

  private ReducedLoss(Setting setting, double[] variance, double[] target) {
    this.variance = variance;
    this.target = target;
    // With B = T no token is irrelevant: no noise, and all attention is on relevant tokens whatever
    // Δa.
    noise = setting.irrelevant() == 0 ? 0 : 1.0 / ((double) setting.dim() * setting.irrelevant());
    offset = Math.log((double) setting.irrelevant() / setting.inContext());
  }

  /**
   * The loss over (w, Δa), Eq. 12.
   *
   * @throws IllegalArgumentException with cross-sample repetition, which needs {@link #space}
   */
  public static ReducedLoss plane(Setting setting) {
    if (setting.crossSample() != 0) {
      throw new IllegalArgumentException(
          "(w, Δa) describes no cross-sample repetition, got p = " + setting.crossSample());
    }
    return new ReducedLoss(
        setting, new double[] {1.0 / setting.dim()}, new double[] {Math.sqrt(setting.dim())});
  }

  /** The loss over (w̃, w, Δa), Eq. 17. */
  public static ReducedLoss space(Setting setting) {
    double[] variance = {setting.specialVariance(), setting.plainVariance()};
    return new ReducedLoss(setting, variance, new double[] {1, Math.sqrt(setting.dim() - 1)});
  }

  /** Numbers in a state: 2 for {@link #plane}, 3 for {@link #space}. */
  public int dimension() {
    return target.length + 1;
  }

  /** s = Bα = 1 / (1 + (T-B)/B exp(-Δa)), the attention on all relevant tokens together (Eq. 9). */
  public double attention(double deltaA) {
    return 1 / (1 + Math.exp(offset - deltaA));
  }

  /** 1 - s, without cancellation. */
  public double inattention(double deltaA) {
    return 1 / (1 + Math.exp(deltaA - offset));
  }

  /**
   * Where v would settle if attention stayed at {@code deltaA}: v_k* s σ_k / ((1-s)²/(d(T-B)) + s²
   * σ_k), section A.3.3.
   */
  public double[] equilibrium(double deltaA) {
    double s = attention(deltaA);
    double u = inattention(deltaA);
    double[] out = new double[target.length];
    for (int k = 0; k < out.length; k++) {
      // Nothing pulls at a direction that never occurs (p = 1): it stays where it started, at 0.
      out[k] =
          variance[k] == 0
              ? 0
              : target[k] * s * variance[k] / (u * u * noise + s * s * variance[k]);
    }
    return out;
  }

  /** The v of zero loss: √d, or 1 and √(d-1). */
  public double[] optimum() {
    return target.clone();
  }

  /** The loss at a state (length {@link #dimension}). */
  public double value(double[] state) {
    double s = attention(state[target.length]);
    double u = inattention(state[target.length]);
    return value(state, s, u * u * noise);
  }

  /**
   * The loss of these weights under other attention: {@code mass} on relevant tokens, {@code
   * spread} the sum of squared attention on the others, over d.
   */
  double value(double[] state, double mass, double spread) {
    double sum = 0;
    for (int k = 0; k < target.length; k++) {
      double v = state[k];
      double error = mass * v - target[k];
      sum += spread * v * v + variance[k] * error * error;
    }
    return sum / 2;
  }

  /** Writes ∂L at a state: Eqs. 13-14, 18-21. */
  public void gradient(double[] state, double[] out) {
    int a = target.length;
    double s = attention(state[a]);
    double u = inattention(state[a]);
    double pull = 0;
    for (int k = 0; k < a; k++) {
      double v = state[k];
      double signal = variance[k] * (s * v - target[k]);
      out[k] = u * u * noise * v + s * signal;
      pull += v * signal - u * noise * v * v;
    }
    out[a] = s * u * pull;
  }

  /** The matrix of second derivatives at a state, symmetric, in the order of the state. */
  public double[][] hessian(double[] state) {
    int a = target.length;
    double s = attention(state[a]);
    double u = inattention(state[a]);
    double[][] h = new double[a + 1][a + 1];
    double pull = 0;
    double stretch = 0;
    for (int k = 0; k < a; k++) {
      double v = state[k];
      h[k][k] = u * u * noise + s * s * variance[k];
      h[k][a] = s * u * (variance[k] * (2 * s * v - target[k]) - 2 * u * noise * v);
      h[a][k] = h[k][a];
      pull += v * variance[k] * (s * v - target[k]) - u * noise * v * v;
      stretch += v * v * (variance[k] + noise);
    }
    h[a][a] = (u - s) * s * u * pull + s * u * s * u * stretch;
    return h;
  }

  /**
   * Eigenvalues of {@link #hessian}, ascending; NaN at a state so large that an entry overflows.
   */
  public double[] hessianEigenvalues(double[] state) {
    double[][] h = hessian(state);
    if (h.length == 2) {
      double mean = (h[0][0] + h[1][1]) / 2;
      double spread = Math.hypot((h[0][0] - h[1][1]) / 2, h[0][1]);
      return new double[] {mean - spread, mean + spread};
    }
    double[] values = new double[h.length];
    if (!Arrays.stream(h).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite)) {
      Arrays.fill(values, Double.NaN);
      return values;
    }
    values = new EigenDecompositionSymmetric(MatrixUtils.createRealMatrix(h)).getEigenvalues();
    Arrays.sort(values);
    return values;
  }
}
