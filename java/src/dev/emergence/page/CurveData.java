package dev.emergence.page;

import dev.emergence.measure.Emergence;
import dev.emergence.result.Curve;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** One metric of many runs for a browser. */
public final class CurveData {
  private CurveData() {}

  /**
   * {@code {metric, runs: [id], counts: [rows], total: [rows measured], steps, values, smooth}};
   * runs that have no rows of the metric are left out. Where a curve is thinned, {@code smooth} has
   * the averages over all rows at the rows that are shown, one column a weight of {@link
   * Smoothing#WEIGHTS}. Values have single precision.
   *
   * @param points about how many rows of each are shown
   */
  public static Map<String, Object> of(
      List<RunView> runs, String metric, Predicate<String> wanted, int points) {
    return of(runs, metric, wanted, points, Columns::f32);
  }

  /** The same with values as exact as the results have them, in about twice the space. */
  static Map<String, Object> exact(List<RunView> runs, String metric, int points) {
    return of(runs, metric, id -> true, points, Columns::f64);
  }

  private static Map<String, Object> of(
      List<RunView> runs,
      String metric,
      Predicate<String> wanted,
      int points,
      Function<List<double[]>, Map<String, Object>> packing) {
    List<String> ids = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    List<Integer> totals = new ArrayList<>();
    List<double[]> steps = new ArrayList<>();
    List<double[]> values = new ArrayList<>();
    List<List<double[]>> smooth = List.of(new ArrayList<>(), new ArrayList<>());
    boolean thinned = false;
    for (RunView run : runs) {
      Curve curve = run.curve();
      if (!wanted.test(run.key()) || !curve.has(metric)) {
        continue;
      }
      double[] all = curve.column(metric);
      int[] rows = Thinning.rows(all, points, kept(run, metric));
      thinned |= rows.length < all.length;
      ids.add(run.key());
      counts.add(rows.length);
      totals.add(all.length);
      steps.add(at(rows, curve.steps()));
      values.add(at(rows, all));
      for (int i = 0; i < smooth.size(); i++) {
        smooth.get(i).add(at(rows, Smoothing.of(all, Smoothing.WEIGHTS[i])));
      }
    }
    return Trees.of(
        "metric", metric,
        "runs", ids,
        "counts", counts,
        "total", totals,
        "steps", Columns.f64(steps),
        "values", packing.apply(values),
        "smooth", thinned ? smooth.stream().map(Columns::f32).toList() : null);
  }

  private static double[] at(int[] rows, double[] values) {
    return java.util.Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
  }

  /** Rows at which a threshold of the metric is crossed, and the last one of each condition. */
  private static Set<Integer> kept(RunView run, String metric) {
    Set<Integer> out = new TreeSet<>();
    run.ends().forEach(end -> out.add(Math.max(0, run.curve().until(end).size() - 1)));
    run.run()
        .run()
        .config()
        .measurement()
        .thresholds()
        .forEach(
            (name, threshold) -> {
              if (threshold.metric().equals(metric)
                  && Emergence.of(run.curve(), name, threshold)
                      instanceof Emergence.Reached reached) {
                out.add(java.util.Arrays.binarySearch(run.curve().steps(), reached.step()));
              }
            });
    return out;
  }

  /** Every row of a metric as text, {@code run,step,value}, with full digits. */
  public static String rows(List<RunView> runs, String metric) {
    StringBuilder out = new StringBuilder("run,step,value\n");
    for (RunView run : runs) {
      if (run.curve().has(metric)) {
        double[] values = run.curve().column(metric);
        for (int row = 0; row < values.length; row++) {
          out.append(run.key()).append(',').append(run.curve().steps()[row]).append(',');
          out.append(Double.isNaN(values[row]) ? "" : String.valueOf(values[row])).append('\n');
        }
      }
    }
    return out.toString();
  }

  /**
   * Rows of one run as text, comma-separated, with full digits.
   *
   * @param end of the condition that is looked at; later rows are left out
   */
  public static String csv(RunView run, double end) {
    StringBuilder out = new StringBuilder("step");
    Curve curve = run.curve().until(end);
    curve.columns().forEach(column -> out.append(',').append(column));
    out.append('\n');
    for (int row = 0; row < curve.size(); row++) {
      out.append(curve.steps()[row]);
      for (double value : curve.values()[row]) {
        out.append(',').append(Double.isNaN(value) ? "" : String.valueOf(value));
      }
      out.append('\n');
    }
    return out.toString();
  }
}
