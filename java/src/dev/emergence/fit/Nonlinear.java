package dev.emergence.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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

  /** Places of any size that are looked at, and how many of the best are starts too. */
  private static final int LOOKED_AT = 2048;

  private static final int CHOSEN = 16;

  /** By how much, as a share, a start from far away must be better than the others. */
  private static final double BETTER = 1e-9;

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
    double[] best = best(sample, near.length == 0 ? starts() : List.of(near));
    if (near.length == 0) {
      double[] other = best(sample, chosen(sample));
      boolean better = cost(sample, other) < cost(sample, best) * (1 - BETTER);
      best = better ? other : best;
    }
    if (!defined(sample, best)) {
      throw new NotIdentifiable(
          "the formula has no value (a logarithm of a number that is not positive) at any start"
              + " tried",
          Double.NaN);
    }
    return new Solution(
        best, Double.NaN, Identifiability.checkNear(parameters, jacobian(sample, best)));
  }

  /** The best of where some starts lead. */
  private double[] best(Sample sample, List<double[]> starts) {
    double[] best = starts.get(0);
    double least = Double.POSITIVE_INFINITY;
    for (double[] start : starts) {
      double[] found = descend(sample, start);
      double cost = cost(sample, found);
      if (cost < least) {
        least = cost;
        best = found;
      }
    }
    return best;
  }

  /** All ones first, then signs and sizes from 0.05 to 5 at random. */
  private List<double[]> starts() {
    SplittableRandom random = new SplittableRandom(START_SEED);
    List<double[]> starts = new ArrayList<>();
    for (int s = 0; s < STARTS; s++) {
      double[] start = drawn(random, -1.3, 2);
      if (s == 0) {
        Arrays.fill(start, 1);
      }
      starts.add(start);
    }
    return starts;
  }

  /**
   * Of places from 10⁻⁴ to 10⁶ those at which the law is nearest: from a step of 60 in {@code 1 -
   * exp(-d / D)} no way leads down that begins at 5.
   */
  private List<double[]> chosen(Sample sample) {
    SplittableRandom random = new SplittableRandom(START_SEED + 1);
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < LOOKED_AT; i++) {
      double[] at = drawn(random, -4, 10);
      places.add(new Place(at, cost(sample, at)));
    }
    places.sort(Comparator.comparingDouble(Place::cost));
    return places.subList(0, CHOSEN).stream().map(Place::at).toList();
  }

  private record Place(double[] at, double cost) {}

  /** Signs and sizes at random, whose decimal logarithms begin at one number and span another. */
  private double[] drawn(SplittableRandom random, double from, double span) {
    double[] at = new double[parameters.size()];
    for (int k = 0; k < at.length; k++) {
      double size = Math.pow(10, from + span * random.nextDouble());
      boolean negative = random.nextInt(3) == 0;
      at[k] = negative ? -size : size;
    }
    return at;
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
