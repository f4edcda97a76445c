package dev.emergence.fit;

import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;

/**
 * Maximum likelihood for Gaussian residuals of the logarithms with right-censored points (Tobin
 * 1958).
 *
 * <p>In γ = θ/σ and h = 1/σ the log-likelihood is concave everywhere (Olsen 1978, Econometrica 46),
 * so Newton's method with a line search finds its only maximum from any start.
 */
final class Tobit implements Solver {
  private static final int MOST_STEPS = 200;

  /** Newton decrement (twice the expected gain in log-likelihood) at which the search ends. */
  private static final double CONVERGED = 1e-13;

  /** Residuals this small beside the logarithms are rounding. */
  private static final double EXACT = 1e-11;

  private final Design design;

  Tobit(Design design) {
    this.design = design;
  }

  @Override
  public double predict(double[] theta, int condition) {
    return design.predict(theta, condition);
  }

  @Override
  public Solution solve(Sample sample, double[] near) throws NotIdentifiable {
    Sample reached = sample.onlyReached();
    Solution start = new LeastSquares(design).solve(reached, near);
    double spread = rootMeanSquare(start.theta(), reached);
    double[] y = LeastSquares.targets(design, sample);
    double[][] rows = LeastSquares.rows(design, sample);
    double violation = violation(start.theta(), sample);
    double rounding = EXACT * (1 + new ArrayRealVector(y, false).getLInfNorm());
    if (spread <= rounding && violation <= rounding) {
      // The law is exact where times are known and contradicts no censored one: the likelihood
      // grows without bound as σ → 0.
      return new Solution(start.theta(), 0, start.condition());
    }
    double[] phi =
        maximise(
            new Likelihood(rows, y, sample.censored()),
            scaled(start.theta(), Math.max(spread, violation)));
    double sigma = 1 / phi[phi.length - 1];
    double[] theta = new double[phi.length - 1];
    for (int k = 0; k < theta.length; k++) {
      theta[k] = phi[k] * sigma;
    }
    return new Solution(theta, sigma, start.condition());
  }

  private static double[] scaled(double[] theta, double sigma) {
    double[] phi = new double[theta.length + 1];
    for (int k = 0; k < theta.length; k++) {
      phi[k] = theta[k] / sigma;
    }
    phi[theta.length] = 1 / sigma;
    return phi;
  }

  private double rootMeanSquare(double[] theta, Sample reached) {
    double sum = 0;
    for (int i = 0; i < reached.size(); i++) {
      double r = reached.logs()[i] - predict(theta, reached.conditions()[i]);
      sum += r * r;
    }
    return Math.sqrt(sum / reached.size());
  }

  /** By how much a censored time lies above its prediction, at worst. */
  private double violation(double[] theta, Sample sample) {
    double worst = 0;
    for (int i = 0; i < sample.size(); i++) {
      if (sample.censored()[i]) {
        worst = Math.max(worst, sample.logs()[i] - predict(theta, sample.conditions()[i]));
      }
    }
    return worst;
  }

  private static double[] maximise(Likelihood likelihood, double[] start) throws NotIdentifiable {
    double[] phi = start;
    double value = likelihood.value(phi);
    for (int step = 0; step < MOST_STEPS; step++) {
      ArrayRealVector gradient = new ArrayRealVector(likelihood.gradient(phi), false);
      ArrayRealVector direction = newton(likelihood.information(phi), gradient);
      double decrement = gradient.dotProduct(direction);
      if (decrement <= CONVERGED * (1 + Math.abs(value))) {
        return phi;
      }
      double length = 1;
      double[] next = likelihood.moved(phi, direction.getDataRef(), length);
      while (!(likelihood.value(next) >= value + 1e-4 * length * decrement)) {
        length /= 2;
        if (length < 1e-12) {
          return phi; // No representable gain is left.
        }
        next = likelihood.moved(phi, direction.getDataRef(), length);
      }
      phi = next;
      value = likelihood.value(phi);
    }
    throw new NotIdentifiable(
        "the censored likelihood has no maximum that " + MOST_STEPS + " Newton steps reach",
        Double.NaN);
  }

  private static ArrayRealVector newton(RealMatrix information, ArrayRealVector gradient)
      throws NotIdentifiable {
    try {
      return new ArrayRealVector(
          new CholeskyDecomposition(information, 1e-9, 0).getSolver().solve(gradient));
    } catch (MathRuntimeException notPositive) {
      throw new NotIdentifiable(
          "the censored likelihood is flat in some direction of the parameters",
          Double.POSITIVE_INFINITY);
    }
  }

  /** The log-likelihood (less a constant) in (γ, h). A row's residual is u = h y - x γ. */
  private record Likelihood(double[][] rows, double[] y, boolean[] censored) {

    double value(double[] phi) {
      double h = phi[phi.length - 1];
      if (!(h > 0)) {
        return Double.NEGATIVE_INFINITY;
      }
      double sum = 0;
      for (int i = 0; i < y.length; i++) {
        double u = residual(phi, i);
        sum += censored[i] ? UpperTail.log(u) : Math.log(h) - 0.5 * u * u;
      }
      return sum;
    }

    double[] gradient(double[] phi) {
      int last = phi.length - 1;
      double[] g = new double[phi.length];
      for (int i = 0; i < y.length; i++) {
        double u = residual(phi, i);
        double slope = censored[i] ? UpperTail.hazard(u) : u; // minus the derivative by u
        for (int k = 0; k < last; k++) {
          g[k] += slope * rows[i][k];
        }
        g[last] -= slope * y[i];
        g[last] += censored[i] ? 0 : 1 / phi[last];
      }
      return g;
    }

    /** Minus the Hessian: positive definite where the parameters are decided. */
    RealMatrix information(double[] phi) {
      int last = phi.length - 1;
      double[][] m = new double[phi.length][phi.length];
      for (int i = 0; i < y.length; i++) {
        double u = residual(phi, i);
        double hazard = censored[i] ? UpperTail.hazard(u) : 0;
        double weight = censored[i] ? hazard * (hazard - u) : 1;
        for (int a = 0; a <= last; a++) {
          for (int b = 0; b <= last; b++) {
            m[a][b] += weight * along(i, a, last) * along(i, b, last);
          }
        }
        m[last][last] += censored[i] ? 0 : 1 / (phi[last] * phi[last]);
      }
      return new Array2DRowRealMatrix(m, false);
    }

    private double along(int i, int k, int last) {
      return k == last ? y[i] : -rows[i][k];
    }

    private double residual(double[] phi, int i) {
      double u = phi[phi.length - 1] * y[i];
      for (int k = 0; k < phi.length - 1; k++) {
        u -= phi[k] * rows[i][k];
      }
      return u;
    }

    double[] moved(double[] phi, double[] direction, double length) {
      double[] next = phi.clone();
      for (int k = 0; k < next.length; k++) {
        next[k] += length * direction[k];
      }
      return next;
    }
  }
}
