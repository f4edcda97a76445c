package dev.emergence.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Times drawn from a known law T = C d^alpha (T/B)^beta exp(noise), on a grid, for several seeds.
 */
final class Planted {
  static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("C", true), new Parameter("alpha", false), new Parameter("beta", false));
  static final double[] D = {16, 32, 64, 128};
  static final double[] T = {32, 64, 128, 256};

  final double factor;
  final double alpha;
  final double beta;

  Planted(double factor, double alpha, double beta) {
    this.factor = factor;
    this.alpha = alpha;
    this.beta = beta;
  }

  Design design() {
    double[][] rows = new double[D.length * T.length][];
    for (int c = 0; c < rows.length; c++) {
      rows[c] = new double[] {1, Math.log(d(c)), Math.log(t(c))};
    }
    return new Design(PARAMETERS, rows, new double[rows.length]);
  }

  double d(int condition) {
    return D[condition / T.length];
  }

  double t(int condition) {
    return T[condition % T.length];
  }

  double time(int condition) {
    return factor * Math.pow(d(condition), alpha) * Math.pow(t(condition), beta);
  }

  /** One point a condition and seed; times above the limit are censored at it. */
  List<Point> points(int seeds, double noise, double limit, long randomSeed) {
    Random random = new Random(randomSeed);
    List<Point> points = new ArrayList<>();
    for (int seed = 0; seed < seeds; seed++) {
      for (int c = 0; c < D.length * T.length; c++) {
        double time = time(c) * Math.exp(noise * random.nextGaussian());
        points.add(new Point(c, seed, Math.min(time, limit), time > limit));
      }
    }
    return points;
  }

  static FitOptions options(FitOptions.Aggregate aggregate, boolean censored) {
    return new FitOptions(
        aggregate, censored, false, new FitOptions.Interval(0.95, FitOptions.Unit.SEED));
  }

  static FitOptions perSeed() {
    return options(FitOptions.Aggregate.PER_SEED, false);
  }

  static FitResult.Fitted fitted(FitResult result) {
    if (result instanceof FitResult.Fitted fitted) {
      return fitted;
    }
    throw new AssertionError("refused: " + ((FitResult.Refused) result).reason());
  }
}
