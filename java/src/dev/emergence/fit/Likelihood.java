package dev.emergence.fit;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;

/**
 * The log-likelihood (less a constant) of Gaussian residuals of logarithms that are exact, known to
 * lie in a bracket, or known to be later than a limit (Tobin 1958; Turnbull 1976 names the cases).
 *
 * <p>It is a function of φ = (γ, h) with γ = θ/σ and h = 1/σ, in which it is concave everywhere:
 * for exact and censored times by Olsen (1978, Econometrica 46), for brackets because the
 * probability of an interval is logarithmically concave in its ends, which are linear in φ.
 *
 * @param rows of the design
 * @param lows ends of the brackets, less the part of the law without parameters
 * @param highs equal to the low end where a time is exact, infinite where it is censored
 */
record Likelihood(double[][] rows, double[] lows, double[] highs) {
  /** Brackets narrower than this, in logarithms, count as exact times. */
  static final double NARROW = 1e-5;

  private static final double LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

  double value(double[] phi) {
    double h = phi[phi.length - 1];
    if (!(h > 0)) {
      return Double.NEGATIVE_INFINITY;
    }
    double sum = 0;
    for (int i = 0; i < lows.length; i++) {
      if (exact(i)) {
        double u = residual(phi, i, middle(i));
        sum += Math.log(h) - 0.5 * u * u;
      } else {
        sum += logProbability(residual(phi, i, lows[i]), residual(phi, i, highs[i]));
      }
    }
    return sum;
  }

  double[] gradient(double[] phi) {
    double[] g = new double[phi.length];
    for (int i = 0; i < lows.length; i++) {
      if (exact(i)) {
        double u = residual(phi, i, middle(i));
        add(g, i, middle(i), -u);
        g[phi.length - 1] += 1 / phi[phi.length - 1];
      } else {
        Ends ends = ends(phi, i);
        add(g, i, lows[i], -ends.atLow);
        add(g, i, highs[i], ends.atHigh);
      }
    }
    return g;
  }

  /** Minus the Hessian: positive definite where the parameters are decided. */
  RealMatrix information(double[] phi) {
    double[][] m = new double[phi.length][phi.length];
    int last = phi.length - 1;
    for (int i = 0; i < lows.length; i++) {
      if (exact(i)) {
        add(m, i, middle(i), middle(i), 1);
        m[last][last] += 1 / (phi[last] * phi[last]);
      } else {
        Ends e = ends(phi, i);
        add(m, i, lows[i], lows[i], e.ofLow());
        add(m, i, highs[i], highs[i], e.ofHigh());
        add(m, i, lows[i], highs[i], -e.atLow * e.atHigh);
        add(m, i, highs[i], lows[i], -e.atLow * e.atHigh);
      }
    }
    return new Array2DRowRealMatrix(m, false);
  }

  /**
   * Of what the times that are known would say of the law if they were exact, the share that they
   * say as they are: the smallest over all combinations of the parameters, from 0 to 1. The rows of
   * these times must decide the parameters.
   */
  double leastShare(double[] phi) {
    int[] known = IntStream.range(0, highs.length).filter(i -> Double.isFinite(highs[i])).toArray();
    int columns = phi.length - 1;
    if (columns == 0) {
      return 1;
    }
    double[][] exact = Arrays.stream(known).mapToObj(i -> rows[i]).toArray(double[][]::new);
    RealMatrix r = new QRDecomposition(new Array2DRowRealMatrix(exact)).getR();
    RealMatrix shares = new Array2DRowRealMatrix(columns, columns);
    for (int i : known) {
      RealVector alike = new ArrayRealVector(rows[i]);
      MatrixUtils.solveLowerTriangularSystem(
          r.getSubMatrix(0, columns - 1, 0, columns - 1).transpose(), alike);
      shares = shares.add(alike.outerProduct(alike).scalarMultiply(weight(phi, i)));
    }
    double[] all = new EigenDecompositionSymmetric(shares).getEigenvalues();
    return Arrays.stream(all).min().getAsDouble();
  }

  /** How much a time says of where the law is there, as a share of what an exact one would say. */
  private double weight(double[] phi, int i) {
    if (exact(i)) {
      return 1;
    }
    Ends e = ends(phi, i);
    return e.ofLow() + e.ofHigh() - 2 * e.atLow * e.atHigh;
  }

  /** Standardised ends of a bracket, and the density at each over the bracket's probability. */
  private record Ends(double a, double b, double atLow, double atHigh) {
    /** Minus the second derivative of log(Φ(b) - Φ(a)) by a. */
    double ofLow() {
      return atLow == 0 ? 0 : atLow * (atLow - a);
    }

    /** The same by b. */
    double ofHigh() {
      return atHigh == 0 ? 0 : atHigh * (atHigh + b);
    }
  }

  private Ends ends(double[] phi, int i) {
    double a = residual(phi, i, lows[i]);
    double b = residual(phi, i, highs[i]);
    double log = logProbability(a, b);
    return new Ends(
        a,
        b,
        Math.exp(-0.5 * a * a - LOG_SQRT_2PI - log),
        Math.exp(-0.5 * b * b - LOG_SQRT_2PI - log));
  }

  /** log(Φ(b) - Φ(a)) for {@code a < b}, accurate in both tails. */
  static double logProbability(double a, double b) {
    if (a <= 0 && b >= 0) {
      return Math.log1p(-Math.exp(UpperTail.log(b)) - Math.exp(UpperTail.log(-a)));
    }
    double near = UpperTail.log(a > 0 ? a : -b);
    double far = UpperTail.log(a > 0 ? b : -a);
    return near + Math.log1p(-Math.exp(far - near));
  }

  private boolean exact(int i) {
    return highs[i] - lows[i] < NARROW;
  }

  private double middle(int i) {
    return (lows[i] + highs[i]) / 2;
  }

  /** h y - x γ; infinite ends stay so. */
  private double residual(double[] phi, int i, double y) {
    double u = phi[phi.length - 1] * y;
    for (int k = 0; k < phi.length - 1; k++) {
      u -= phi[k] * rows[i][k];
    }
    return u;
  }

  /** The derivative of a residual by φ_k. An infinite end has no weight wherever this is used. */
  private double along(int i, double y, int k) {
    return k == rows[i].length ? y : -rows[i][k];
  }

  private void add(double[] g, int i, double y, double weight) {
    for (int k = 0; k < g.length && weight != 0; k++) {
      g[k] += weight * along(i, y, k);
    }
  }

  private void add(double[][] m, int i, double left, double right, double weight) {
    for (int a = 0; a < m.length && weight != 0; a++) {
      for (int b = 0; b < m.length; b++) {
        m[a][b] += weight * along(i, left, a) * along(i, right, b);
      }
    }
  }
}
