package dev.emergence.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * Intervals for the parameters: estimate ± Student's quantile × the jackknife's standard error
 * (Tukey 1958; Efron and Tibshirani 1993, chapter 11), which comes from leaving out each seed, or
 * each point, in turn.
 *
 * <p>With the same conditions for every seed, this is the textbook interval for the mean of the
 * seeds' own laws, and holds its level however few they are.
 *
 * @param lower ends on the solver's scale; NaN where there is none
 * @param upper ends on the solver's scale; NaN where there is none
 * @param units seeds or points that vary independently
 * @param note why there is no interval, or empty
 * @param others the estimates without each unit in turn; empty where there is no interval
 * @param quantile Student's, by which standard errors are multiplied
 */
record Intervals(
    double[] lower,
    double[] upper,
    int units,
    String note,
    List<double[]> others,
    double quantile) {
  /** Two seeds leave one degree of freedom: a quantile of 12.7, and nothing to check it by. */
  static final int FEWEST_SEEDS = 3;

  /** Standard errors this small beside the estimates are rounding: nothing varied. */
  private static final double ROUNDING = 1e-9;

  static Intervals of(Solver solver, List<Point> points, FitOptions options, double[] theta) {
    Sample sample = Sample.of(points, options);
    if (theta.length == 0) {
      return none(theta, 0, "");
    }
    boolean bySeed = options.interval().unit() == FitOptions.Unit.SEED;
    int[] seeds = points.stream().mapToInt(Point::seed).distinct().sorted().toArray();
    int units = bySeed ? seeds.length : sample.size();
    int freedom = bySeed ? units - 1 : units - theta.length;
    String level = FitOptions.percent(options.interval().level());
    if (bySeed && units < FEWEST_SEEDS) {
      return none(theta, units, "no " + level + " interval: " + tooFewSeeds(units));
    }
    if (freedom < 1) {
      return none(
          theta,
          units,
          "no " + level + " interval: " + units + " points leave nothing beside the parameters");
    }
    IntFunction<Sample> rest =
        bySeed
            ? u -> Sample.of(points.stream().filter(p -> p.seed() != seeds[u]).toList(), options)
            : sample::without;
    List<double[]> others = new ArrayList<>();
    for (int unit = 0; unit < units; unit++) {
      try {
        others.add(solver.solve(rest.apply(unit), theta).theta());
      } catch (NotIdentifiable undecided) {
        String which = bySeed ? "seed " + seeds[unit] : "one of the points";
        return none(
            theta,
            units,
            "no " + level + " interval: without " + which + " the points decide no law");
      }
    }
    double[] errors = standardErrors(others);
    if (nothingVaries(errors, theta)) {
      String what = bySeed ? "seeds give equal laws" : "points lie exactly on the law";
      return none(theta, units, "no " + level + " interval: all " + units + " " + what);
    }
    double quantile = quantile(options.interval().level(), freedom);
    double[] lower = new double[theta.length];
    double[] upper = new double[theta.length];
    for (int k = 0; k < theta.length; k++) {
      lower[k] = theta[k] - quantile * errors[k];
      upper[k] = theta[k] + quantile * errors[k];
    }
    return new Intervals(lower, upper, units, "", others, quantile);
  }

  private static boolean nothingVaries(double[] errors, double[] theta) {
    return IntStream.range(0, errors.length)
        .allMatch(k -> errors[k] <= ROUNDING * (1 + Math.abs(theta[k])));
  }

  private static String tooFewSeeds(int seeds) {
    return (seeds == 1 ? "one seed says" : seeds + " seeds say")
        + " too little about how much seeds differ; use 3 or more seeds, or interval: {by: point}";
  }

  private static Intervals none(double[] theta, int units, String note) {
    double[] missing = new double[theta.length];
    Arrays.fill(missing, Double.NaN);
    return new Intervals(missing, missing, units, note, List.of(), Double.NaN);
  }

  /** The jackknife's: √((n - 1)/n Σ (θ without u - their mean)²). */
  private static double[] standardErrors(List<double[]> others) {
    int n = others.size();
    double[] errors = new double[others.get(0).length];
    for (int k = 0; k < errors.length; k++) {
      int column = k;
      double mean = others.stream().mapToDouble(o -> o[column]).average().orElseThrow();
      double squares =
          others.stream().mapToDouble(o -> (o[column] - mean) * (o[column] - mean)).sum();
      errors[k] = Math.sqrt((n - 1.0) / n * squares);
    }
    return errors;
  }

  private static double quantile(double level, int freedom) {
    return new TDistribution(freedom).inverseCumulativeProbability((1 + level) / 2);
  }
}
