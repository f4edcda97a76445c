package dev.emergence.fit;

import java.util.Arrays;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;

/**
 * Maximum likelihood for Gaussian residuals of the logarithms, with times that are censored
 * (Tobit's model) or only known to lie in a bracket: see {@link Likelihood}. It is concave, so
 * Newton's method with a line search finds its only maximum from any start.
 */
final class MaximumLikelihood implements Solver {
  private static final int MOST_STEPS = 200;

  /** Newton decrement (twice the expected gain in log-likelihood) at which the search ends. */
  private static final double CONVERGED = 1e-13;

  /** Residuals this small beside the logarithms are rounding. */
  private static final double EXACT = 1e-11;

  /** A standard deviation below this share of the narrowest bracket goes to 0. */
  private static final double VANISHING = 1e-3;

  /** A log-likelihood this near to 0 says that every bracket holds its time. */
  private static final double CERTAIN = 1e-6;

  /**
   * Of what exact times would say of some combination of the parameters, brackets must say this
   * share. Where they say less, as where all runs of a condition emerged before the first
   * evaluation, the search ends anywhere in a range of laws that are equally likely.
   */
  private static final double LEAST_SHARE = 1e-3;

  private static final String TOO_FAR_APART =
      "the evaluations lie too far apart: a whole range of laws passes through every bracket;"
          + " evaluate more often, or use method: log_least_squares";

  private final Design design;

  MaximumLikelihood(Design design) {
    this.design = design;
  }

  @Override
  public double predict(double[] theta, int condition) {
    return design.predict(theta, condition);
  }

  @Override
  public Solution solve(Sample sample, double[] near) throws NotIdentifiable {
    if (sample.isExact()) {
      return new LeastSquares(design).solve(sample, near);
    }
    Sample reached = sample.onlyReached();
    Solution start = new LeastSquares(design).solve(reached, near);
    double spread = rootMeanSquare(start.theta(), reached);
    double violation = violation(start.theta(), sample);
    double largest = new ArrayRealVector(reached.logs(), false).getLInfNorm();
    double rounding = EXACT * (1 + largest);
    if (Arrays.stream(reached.lows()).allMatch(low -> low == Double.NEGATIVE_INFINITY)) {
      // Before the first evaluation or after the last: the scatter may be of any size.
      throw new NotIdentifiable(TOO_FAR_APART, Double.NaN);
    }
    double narrowest = narrowest(reached);
    if (narrowest == 0 && spread <= rounding && violation <= rounding) {
      // The law is exact where times are known and contradicts no censored one: the likelihood
      // grows without bound as σ → 0.
      return new Solution(start.theta(), 0, start.condition());
    }
    double sigma = Math.max(Math.max(spread, violation), Math.max(narrowest, rounding));
    Likelihood likelihood = likelihood(sample);
    double[] phi = maximise(likelihood, scaled(start.theta(), sigma), VANISHING * narrowest);
    if (likelihood.leastShare(phi) < LEAST_SHARE) {
      throw new NotIdentifiable(TOO_FAR_APART, Double.NaN);
    }
    double[] theta = new double[phi.length - 1];
    for (int k = 0; k < theta.length; k++) {
      theta[k] = phi[k] / phi[theta.length];
    }
    return new Solution(theta, 1 / phi[theta.length], start.condition());
  }

  private Likelihood likelihood(Sample sample) {
    double[] lows = sample.lows().clone();
    double[] highs = sample.highs().clone();
    for (int i = 0; i < lows.length; i++) {
      lows[i] -= design.offsets()[sample.conditions()[i]];
      highs[i] -= design.offsets()[sample.conditions()[i]];
    }
    return new Likelihood(LeastSquares.rows(design, sample), lows, highs);
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
    double[] logs = reached.logs();
    double sum = 0;
    for (int i = 0; i < logs.length; i++) {
      double r = logs[i] - predict(theta, reached.conditions()[i]);
      sum += r * r;
    }
    return Math.sqrt(sum / logs.length);
  }

  /** By how much a censored time lies above its prediction, at worst. */
  private double violation(double[] theta, Sample sample) {
    double worst = 0;
    for (int i = 0; i < sample.size(); i++) {
      if (sample.censored(i)) {
        worst = Math.max(worst, sample.lows()[i] - predict(theta, sample.conditions()[i]));
      }
    }
    return worst;
  }

  /** Width of the narrowest bracket in logarithms; 0 where a time is exact or counts as such. */
  private static double narrowest(Sample reached) {
    double narrowest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < reached.size(); i++) {
      narrowest = Math.min(narrowest, reached.highs()[i] - reached.lows()[i]);
    }
    return narrowest < Likelihood.NARROW ? 0 : Math.min(narrowest, 1);
  }

  private static double[] maximise(Likelihood likelihood, double[] start, double smallestSigma)
      throws NotIdentifiable {
    double[] phi = start;
    double value = likelihood.value(phi);
    for (int step = 0; step < MOST_STEPS; step++) {
      if (1 / phi[phi.length - 1] < smallestSigma) {
        throw new NotIdentifiable(TOO_FAR_APART, Double.NaN);
      }
      ArrayRealVector gradient = new ArrayRealVector(likelihood.gradient(phi), false);
      ArrayRealVector direction = newton(likelihood.information(phi), gradient, smallestSigma > 0);
      double decrement = gradient.dotProduct(direction);
      if (decrement <= CONVERGED * (1 + Math.abs(value))) {
        return decided(phi, value, smallestSigma);
      }
      double length = 1;
      double[] next = moved(phi, direction.getDataRef(), length);
      while (!(likelihood.value(next) >= value + 1e-4 * length * decrement)) {
        length /= 2;
        if (length < 1e-12) {
          return decided(phi, value, smallestSigma); // No representable gain is left.
        }
        next = moved(phi, direction.getDataRef(), length);
      }
      phi = next;
      value = likelihood.value(phi);
    }
    throw new NotIdentifiable(
        "the likelihood has no maximum that " + MOST_STEPS + " Newton steps reach", Double.NaN);
  }

  /** Brackets that all hold their time for certain decide nothing: σ could as well be smaller. */
  private static double[] decided(double[] phi, double value, double smallestSigma)
      throws NotIdentifiable {
    if (smallestSigma > 0 && value > -CERTAIN) {
      throw new NotIdentifiable(TOO_FAR_APART, Double.NaN);
    }
    return phi;
  }

  private static double[] moved(double[] phi, double[] direction, double length) {
    double[] next = phi.clone();
    for (int k = 0; k < next.length; k++) {
      next[k] += length * direction[k];
    }
    return next;
  }

  private static ArrayRealVector newton(
      RealMatrix information, ArrayRealVector gradient, boolean brackets) throws NotIdentifiable {
    try {
      return new ArrayRealVector(
          new CholeskyDecomposition(information, 1e-6, 0).getSolver().solve(gradient));
    } catch (MathRuntimeException notPositive) {
      throw new NotIdentifiable(
          brackets ? TOO_FAR_APART : "the likelihood is flat in some direction of the parameters",
          Double.POSITIVE_INFINITY);
    }
  }
}
