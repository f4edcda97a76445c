package dev.emergence.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.hipparchus.stat.descriptive.rank.Percentile;

/**
 * Percentile intervals by resampling (Efron & Tibshirani 1993, chapter 13), by seed or by point.
 *
 * <p>By seed, one draw of seeds is used for all conditions, because equal seeds share their data.
 * With few seeds the intervals are known to be too short: five seeds give 126 different draws.
 */
final class Bootstrap {
  /** With fewer usable resamples than this share no interval is reported. */
  private static final double USABLE = 0.5;

  private final Solver solver;
  private final List<Point> points;
  private final FitOptions options;
  private final double[] theta;

  Bootstrap(Solver solver, List<Point> points, FitOptions options, double[] theta) {
    this.solver = solver;
    this.points = points;
    this.options = options;
    this.theta = theta;
  }

  /**
   * Ends of the intervals on the solver's scale.
   *
   * @param lower NaN where there is none
   * @param used resamples that gave a law
   * @param note why there is no interval, or empty
   */
  record Intervals(double[] lower, double[] upper, int used, String note) {}

  Intervals intervals() {
    FitOptions.Resampling resampling = options.resampling();
    long seeds = points.stream().mapToInt(Point::seed).distinct().count();
    if (resampling.resamples() == 0) {
      return none(0, "");
    }
    if (resampling.unit() == FitOptions.Unit.SEED && seeds < 2) {
      return none(
          0,
          "no intervals: a bootstrap by seed needs at least 2 seeds, and these points have "
              + seeds
              + "; use by: point");
    }
    List<double[]> draws = draws(new SplittableRandom(resampling.seed()));
    if (draws.size() < USABLE * resampling.resamples()) {
      return none(
          draws.size(),
          "no intervals: only "
              + draws.size()
              + " of "
              + resampling.resamples()
              + " resamples decide the parameters");
    }
    double tail = (1 - resampling.level()) / 2;
    return new Intervals(percentiles(draws, tail), percentiles(draws, 1 - tail), draws.size(), "");
  }

  private Intervals none(int used, String note) {
    double[] missing = new double[theta.length];
    Arrays.fill(missing, Double.NaN);
    return new Intervals(missing, missing, used, note);
  }

  private List<double[]> draws(SplittableRandom random) {
    List<double[]> draws = new ArrayList<>();
    for (int b = 0; b < options.resampling().resamples(); b++) {
      try {
        draws.add(solver.solve(resample(random), theta).theta());
      } catch (NotIdentifiable undecided) {
        // Counted by its absence: see Intervals.used.
      }
    }
    return draws;
  }

  private Sample resample(SplittableRandom random) {
    if (options.resampling().unit() == FitOptions.Unit.POINT) {
      return Sample.of(points, options.aggregate()).draw(random);
    }
    TreeMap<Integer, List<Point>> bySeed = new TreeMap<>();
    for (Point p : points) {
      bySeed.computeIfAbsent(p.seed(), s -> new ArrayList<>()).add(p);
    }
    List<List<Point>> seeds = List.copyOf(bySeed.values());
    List<Point> drawn = new ArrayList<>();
    for (int i = 0; i < seeds.size(); i++) {
      drawn.addAll(seeds.get(random.nextInt(seeds.size())));
    }
    return Sample.of(drawn, options.aggregate());
  }

  private static double[] percentiles(List<double[]> draws, double share) {
    double[] out = new double[draws.get(0).length];
    Percentile percentile =
        new Percentile(100 * share).withEstimationType(Percentile.EstimationType.R_7);
    for (int k = 0; k < out.length; k++) {
      int column = k;
      out[k] = percentile.evaluate(draws.stream().mapToDouble(d -> d[column]).toArray());
    }
    return out;
  }
}
