package dev.emergence.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * Intervals for the parameters: estimate ± Student's quantile × the jackknife's standard error
 * (Tukey 1958; Efron and Tibshirani 1993, chapter 11), which comes from leaving out each seed, or
 * each point, in turn; where points are medians of seeds, half of the seeds, and of very many a
 * group ({@link LeftOut}).
 *
 * <p>With the same conditions for every seed, this is the textbook interval for the mean of the
 * seeds' own laws, and holds its level however few they are.
 *
 * @param lower ends on the solver's scale; NaN where there is none
 * @param upper ends on the solver's scale; NaN where there is none
 * @param units seeds or points that vary independently
 * @param note why there is no interval, or empty
 * @param others the estimates without each unit, or half of the units, in turn; empty where there
 *     is no interval
 * @param quantile Student's; where half of the units are left out, times what makes the standard
 *     error of {@link Replicates#halfWidth} that of halves
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
    boolean medians = bySeed && options.aggregate() == FitOptions.Aggregate.MEDIAN;
    LeftOut leftOut = medians ? LeftOut.halves(units) : LeftOut.each(units);
    Function<BitSet, Sample> rest =
        bySeed
            ? left -> Sample.of(points.stream().filter(p -> !has(left, seeds, p)).toList(), options)
            : left -> sample.without(left);
    List<double[]> others = new ArrayList<>();
    for (BitSet left : leftOut.sets()) {
      try {
        others.add(solver.solve(rest.apply(left), theta).theta());
      } catch (NotIdentifiable undecided) {
        String some = left.cardinality() == 1 ? "one" : "some";
        String which = bySeed ? named(left, seeds) : some + " of the points";
        return none(
            theta,
            units,
            "no " + level + " interval: without " + which + " the points decide no law");
      }
    }
    double[] errors = standardErrors(others, leftOut.factor(units));
    if (nothingVaries(errors, theta)) {
      String what = bySeed ? "seeds give equal laws" : "points lie exactly on the law";
      return none(theta, units, "no " + level + " interval: all " + units + " " + what);
    }
    int known = medians ? freedom : Math.min(freedom, others.size() - 1);
    double quantile = quantile(options.interval().level(), known);
    double[] lower = new double[theta.length];
    double[] upper = new double[theta.length];
    for (int k = 0; k < theta.length; k++) {
      lower[k] = theta[k] - quantile * errors[k];
      upper[k] = theta[k] + quantile * errors[k];
    }
    int sets = others.size();
    double ofSingles = medians ? Math.sqrt(leftOut.factor(units) * sets / (sets - 1)) : 1;
    return new Intervals(lower, upper, units, "", others, quantile * ofSingles);
  }

  private static boolean has(BitSet left, int[] seeds, Point point) {
    return left.get(Arrays.binarySearch(seeds, point.seed()));
  }

  private static String named(BitSet left, int[] seeds) {
    String numbers =
        left.stream().mapToObj(unit -> "" + seeds[unit]).collect(Collectors.joining(", "));
    return (left.cardinality() == 1 ? "seed " : "seeds ") + numbers;
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

  /**
   * The jackknife's: √(f Σ (θ without some units - their mean)²).
   *
   * @param factor f, which is (n - 1)/n where each unit is left out in turn
   */
  private static double[] standardErrors(List<double[]> others, double factor) {
    double[] errors = new double[others.get(0).length];
    for (int k = 0; k < errors.length; k++) {
      int column = k;
      double mean = others.stream().mapToDouble(o -> o[column]).average().orElseThrow();
      double squares =
          others.stream().mapToDouble(o -> (o[column] - mean) * (o[column] - mean)).sum();
      errors[k] = Math.sqrt(factor * squares);
    }
    return errors;
  }

  private static double quantile(double level, int freedom) {
    return new TDistribution(freedom).inverseCumulativeProbability((1 + level) / 2);
  }
}
