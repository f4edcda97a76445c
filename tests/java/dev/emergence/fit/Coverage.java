package dev.emergence.fit;

import dev.emergence.fit.FitOptions.Aggregate;
import dev.emergence.fit.FitOptions.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * How often a 95 % interval holds the planted exponent: times of the law C d^alpha (plus a constant
 * for the nonlinear estimator) at five values of d, with noise of each run and a shift and a slope
 * of each seed.
 */
final class Coverage {
  private static final double[] D = {4, 8, 16, 32, 64};
  private static final double ALPHA = 1.2;
  private static final double FACTOR = 40;
  private static final double CONSTANT = 300;

  /** What is simulated. */
  enum Estimator {
    LEAST_SQUARES,
    LEAST_SQUARES_OF_MEANS,
    LEAST_SQUARES_OF_MEDIANS,
    TOBIT,
    INTERVAL,
    NONLINEAR
  }

  /** Share of data sets whose interval holds the exponent, and how many had none. */
  record Share(double covered, int without) {}

  private final Estimator estimator;
  private final Unit unit;
  private final int seeds;

  Coverage(Estimator estimator, Unit unit, int seeds) {
    this.estimator = estimator;
    this.unit = unit;
    this.seeds = seeds;
  }

  Share of(int dataSets, long randomSeed) {
    Random random = new Random(randomSeed);
    int covered = 0;
    int without = 0;
    for (int r = 0; r < dataSets; r++) {
      FitResult result = fit(points(random));
      Estimate alpha =
          result instanceof FitResult.Fitted f
              ? f.parameter("alpha")
              : new Estimate(Double.NaN, Double.NaN, Double.NaN);
      if (!alpha.hasInterval()) {
        without++;
      } else if (alpha.lower() <= ALPHA && ALPHA <= alpha.upper()) {
        covered++;
      }
    }
    return new Share(covered / (double) (dataSets - without), without);
  }

  private List<Point> points(Random random) {
    // By point nothing is shared; by seed half of the spread is.
    double shared = unit == Unit.SEED ? 0.1 : 0;
    List<Point> points = new ArrayList<>();
    for (int seed = 0; seed < seeds; seed++) {
      double shift = shared * random.nextGaussian();
      double slope = shared / 2 * random.nextGaussian();
      for (int c = 0; c < D.length; c++) {
        double noise = shift + slope * Math.log(D[c] / 16) + 0.15 * random.nextGaussian();
        points.add(point(c, seed, law(c) * Math.exp(noise)));
      }
    }
    return points;
  }

  private double law(int condition) {
    double power = FACTOR * Math.pow(D[condition], ALPHA);
    return estimator == Estimator.NONLINEAR ? CONSTANT + power : power;
  }

  private Point point(int condition, int seed, double time) {
    double limit = estimator == Estimator.TOBIT ? FACTOR * Math.pow(48, ALPHA) : 1e12;
    if (time > limit) {
      return new Point(condition, seed, limit, true);
    }
    double every = 100;
    double evaluated = Math.ceil(time / every) * every;
    return estimator == Estimator.INTERVAL
        ? new Point(condition, seed, evaluated, false, evaluated - every)
        : new Point(condition, seed, time, false);
  }

  private FitResult fit(List<Point> points) {
    FitOptions options =
        new FitOptions(
            aggregate(),
            true,
            estimator == Estimator.INTERVAL,
            new FitOptions.Interval(0.95, unit));
    if (estimator == Estimator.NONLINEAR) {
      List<Parameter> parameters =
          List.of(
              new Parameter("A", false), new Parameter("C", false), new Parameter("alpha", false));
      return PowerLawFit.nonlinear(
          parameters, (p, c) -> Math.log(p[0] + p[1] * Math.pow(D[c], p[2])), points, options);
    }
    double[][] rows = new double[D.length][];
    for (int c = 0; c < D.length; c++) {
      rows[c] = new double[] {1, Math.log(D[c])};
    }
    List<Parameter> parameters = List.of(new Parameter("C", true), new Parameter("alpha", false));
    return PowerLawFit.logLinear(
        new Design(parameters, rows, new double[D.length]), points, options);
  }

  private Aggregate aggregate() {
    return switch (estimator) {
      case LEAST_SQUARES_OF_MEANS -> Aggregate.MEAN;
      case LEAST_SQUARES_OF_MEDIANS -> Aggregate.MEDIAN;
      default -> Aggregate.PER_SEED;
    };
  }
}
