package dev.emergence.fit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresBuilder;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresOptimizer.Optimum;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.optim.nonlinear.vector.leastsquares.MultivariateJacobianFunction;
import org.hipparchus.util.Pair;

/**
 * Least squares on logarithms for laws that are not linear in their parameters: Levenberg-Marquardt
 * from several starts, the best of which is kept. Derivatives are central differences.
 */
final class Nonlinear implements Solver {
  private static final int STARTS = 24;
  private static final int MOST_EVALUATIONS = 2000;

  /**
   * A residual (in natural logarithms) that no start should prefer: stands where the law is not
   * defined.
   */
  private static final double UNDEFINED = 1e3;

  /** Fixed, so that the same data give the same law. */
  private static final long START_SEED = 0x5EEDL;

  private final List<Parameter> parameters;
  private final LogLaw law;

  Nonlinear(List<Parameter> parameters, LogLaw law) {
    this.parameters = List.copyOf(parameters);
    this.law = law;
  }

  @Override
  public double predict(double[] theta, int condition) {
    double[] values = new double[theta.length];
    for (int k = 0; k < theta.length; k++) {
      values[k] = parameters.get(k).value(theta[k]);
    }
    return law.log(values, condition);
  }

  @Override
  public Solution solve(Sample sample, double[] near) throws NotIdentifiable {
    if (sample.size() < parameters.size()) {
      Identifiability.checkNear(parameters, new double[sample.size()][parameters.size()]);
    }
    double[] best = null;
    double least = Double.POSITIVE_INFINITY;
    for (double[] start : near.length == 0 ? starts() : List.of(near)) {
      double[] found = descend(sample, start);
      double cost = cost(sample, found);
      if (cost < least) {
        least = cost;
        best = found;
      }
    }
    if (best == null || !defined(sample, best)) {
      throw new NotIdentifiable(
          "the formula has no value (a logarithm of a number that is not positive) at any start"
              + " tried",
          Double.NaN);
    }
    return new Solution(
        best, Double.NaN, Identifiability.checkNear(parameters, jacobian(sample, best)));
  }

  /** All ones first, then signs and sizes from 0.05 to 5 at random. */
  private List<double[]> starts() {
    SplittableRandom random = new SplittableRandom(START_SEED);
    List<double[]> starts = new ArrayList<>();
    for (int s = 0; s < STARTS; s++) {
      double[] start = new double[parameters.size()];
      for (int k = 0; k < start.length; k++) {
        double size = Math.pow(10, -1.3 + 2 * random.nextDouble());
        boolean negative = random.nextInt(3) == 0;
        start[k] = s == 0 ? 1 : negative ? -size : size;
      }
      starts.add(start);
    }
    return starts;
  }

  private double[] descend(Sample sample, double[] start) {
    MultivariateJacobianFunction model =
        point -> {
          double[] theta = point.toArray();
          return new Pair<>(
              new ArrayRealVector(residuals(sample, theta), false),
              new Array2DRowRealMatrix(jacobian(sample, theta), false));
        };
    try {
      Optimum optimum =
          new LevenbergMarquardtOptimizer()
              .optimize(
                  new LeastSquaresBuilder()
                      .start(start)
                      .target(new double[sample.size()])
                      .model(model)
                      .maxEvaluations(MOST_EVALUATIONS)
                      .maxIterations(MOST_EVALUATIONS)
                      .build());
      return optimum.getPoint().toArray();
    } catch (MathRuntimeException gaveUp) {
      return start; // A start that leads nowhere loses to the others by its cost.
    }
  }

  private boolean defined(Sample sample, double[] theta) {
    for (int condition : sample.conditions()) {
      if (!Double.isFinite(predict(theta, condition))) {
        return false;
      }
    }
    return true;
  }

  private double cost(Sample sample, double[] theta) {
    double sum = 0;
    for (double r : residuals(sample, theta)) {
      sum += r * r;
    }
    return sum;
  }

  private double[] residuals(Sample sample, double[] theta) {
    Map<Integer, Double> predicted = predictions(sample, theta);
    double[] logs = sample.logs();
    double[] r = new double[sample.size()];
    for (int i = 0; i < r.length; i++) {
      double p = predicted.get(sample.conditions()[i]);
      r[i] = Double.isFinite(p) ? p - logs[i] : UNDEFINED;
    }
    return r;
  }

  /**
   * The law costs more than all else here, so it is asked once a condition, however many seeds
   * there are.
   */
  private Map<Integer, Double> predictions(Sample sample, double[] theta) {
    Map<Integer, Double> predicted = new HashMap<>();
    for (int condition : sample.conditions()) {
      predicted.computeIfAbsent(condition, c -> predict(theta, c));
    }
    return predicted;
  }

  private double[][] jacobian(Sample sample, double[] theta) {
    double[][] j = new double[sample.size()][theta.length];
    Map<Integer, Double> here = predictions(sample, theta);
    for (int k = 0; k < theta.length; k++) {
      double h = 6e-6 * Math.max(1e-2, Math.abs(theta[k]));
      double[] moved = theta.clone();
      moved[k] = theta[k] + h;
      Map<Integer, Double> up = predictions(sample, moved);
      moved[k] = theta[k] - h;
      Map<Integer, Double> down = predictions(sample, moved);
      for (int i = 0; i < j.length; i++) {
        int c = sample.conditions()[i];
        j[i][k] = slope(up.get(c), here.get(c), down.get(c), h);
      }
    }
    return j;
  }

  /** Central where both sides are defined, else one-sided, else flat. */
  private static double slope(double up, double here, double down, double h) {
    boolean above = Double.isFinite(up);
    boolean below = Double.isFinite(down);
    if (above && below) {
      return (up - down) / (2 * h);
    }
    double oneSided = above ? (up - here) / h : (here - down) / h;
    return Double.isFinite(oneSided) ? oneSided : 0;
  }
}
