package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Center;
import dev.emergence.spec.PlotSpec;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * Mean or median of several curves with a band, at the steps that were evaluated, as far as every
 * curve goes: beyond the end of the first it would be of the longest runs only.
 *
 * @param n curves at each place
 */
record CurveMiddle(double[] x, double[] y, double[] lower, double[] upper, int[] n) {
  private static final int ALIGNED_POINTS = 240;

  /**
   * @param aligned whether x is step over emergence, at which no two curves were evaluated alike:
   *     they are read off by straight lines between evaluations
   */
  static CurveMiddle of(
      List<Series> seeds, PlotSpec.Curves show, PlotSpec.Band band, boolean aligned) {
    List<Series> some = seeds.stream().filter(s -> s.x().length > 0).toList();
    double end = some.stream().mapToDouble(s -> s.x()[s.x().length - 1]).min().orElse(Double.NaN);
    double[] x = aligned ? even(some, end) : steps(some, end);
    double[] y = new double[x.length];
    double[] lower = new double[x.length];
    double[] upper = new double[x.length];
    int[] n = new int[x.length];
    for (int i = 0; i < x.length; i++) {
      double at = x[i];
      double[] values =
          some.stream().mapToDouble(s -> s.at(at)).filter(v -> !Double.isNaN(v)).sorted().toArray();
      n[i] = values.length;
      double mean = Arrays.stream(values).average().orElse(Double.NaN);
      y[i] = show == PlotSpec.Curves.MEAN ? mean : Center.quantile(values, 0.5);
      double[] ends = ends(values, y[i], mean, band);
      lower[i] = ends[0];
      upper[i] = ends[1];
    }
    return new CurveMiddle(x, y, lower, upper, n);
  }

  private static double[] steps(List<Series> seeds, double end) {
    TreeSet<Double> steps = new TreeSet<>();
    for (Series s : seeds) {
      Arrays.stream(s.x()).filter(v -> v <= end).forEach(steps::add);
    }
    return steps.stream().mapToDouble(v -> v).toArray();
  }

  private static double[] even(List<Series> seeds, double end) {
    double start = seeds.stream().mapToDouble(s -> s.x()[0]).max().orElse(Double.NaN);
    double[] x = new double[seeds.isEmpty() ? 0 : ALIGNED_POINTS];
    for (int i = 0; i < x.length; i++) {
      x[i] = start + i * (end - start) / (x.length - 1);
    }
    return x;
  }

  private static double[] ends(double[] sorted, double middle, double mean, PlotSpec.Band band) {
    // Equal ends would say that seeds do not differ, where one alone cannot show it or no band was
    // asked for.
    double[] none = {Double.NaN, Double.NaN};
    if (sorted.length < 2) {
      return none;
    }
    return switch (band) {
      case NONE -> none;
      case RANGE -> new double[] {sorted[0], sorted[sorted.length - 1]};
      case QUARTILES -> new double[] {Center.quantile(sorted, 0.25), Center.quantile(sorted, 0.75)};
      case STD -> {
        double squares = Arrays.stream(sorted).map(v -> (v - mean) * (v - mean)).sum();
        double std = Math.sqrt(squares / (sorted.length - 1));
        yield new double[] {middle - std, middle + std};
      }
    };
  }

  /** What the lines of a figure of curves are. */
  static String sentence(PlotSpec.LearningCurves plot, PlotSpec.Curves show, List<Cell> cells) {
    if (show == PlotSpec.Curves.RUNS) {
      int runs = cells.stream().mapToInt(c -> c.seeds().size()).sum();
      boolean single = cells.stream().allMatch(c -> c.seeds().size() == 1);
      String seeds = "A line for each run; " + PlotContext.seeds(cells) + " in each condition.";
      return runs == 1
          ? "A single run."
          : single ? "A line for each condition, of one run." : seeds;
    }
    if (cells.stream().allMatch(c -> c.seeds().size() == 1)) {
      return cells.size() == 1 ? "A single run." : "A line for each condition, of one run.";
    }
    String band =
        switch (plot.band()) {
          case NONE -> "";
          case STD -> "; band: one standard deviation";
          case QUARTILES -> "; band: first to third quartile";
          case RANGE -> "; band: smallest to largest seed";
        };
    String what = show == PlotSpec.Curves.MEAN ? "Means" : "Medians";
    String seeds = PlotContext.seeds(CurveNotes.aligned(plot.align(), cells));
    return what + " of " + seeds + band + ", as far as every seed was measured.";
  }
}
