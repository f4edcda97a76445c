package dev.emergence.page;

import dev.emergence.result.Curve;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** One metric of many runs for a browser. */
public final class CurveData {
  private CurveData() {}

  /**
   * {@code {metric, runs: [id], counts: [rows], total: [rows measured], steps, values}}; runs that
   * have no rows of the metric are left out.
   *
   * @param points about how many rows of each are shown
   */
  public static Map<String, Object> of(
      List<RunView> runs, String metric, Predicate<String> wanted, int points) {
    List<String> ids = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    List<Integer> totals = new ArrayList<>();
    List<double[]> steps = new ArrayList<>();
    List<double[]> values = new ArrayList<>();
    for (RunView run : runs) {
      Curve curve = run.curve();
      if (!wanted.test(run.id()) || !curve.has(metric)) {
        continue;
      }
      double[] all = curve.column(metric);
      int[] rows = Thinning.rows(all, points);
      ids.add(run.id());
      counts.add(rows.length);
      totals.add(all.length);
      steps.add(java.util.Arrays.stream(rows).mapToDouble(row -> curve.steps()[row]).toArray());
      values.add(java.util.Arrays.stream(rows).mapToDouble(row -> all[row]).toArray());
    }
    return Trees.of(
        "metric", metric,
        "runs", ids,
        "counts", counts,
        "total", totals,
        "steps", Columns.f64(steps),
        "values", Columns.f32(values));
  }

  /** Every row of one run as text, comma-separated, with full digits. */
  public static String csv(RunView run) {
    StringBuilder out = new StringBuilder("step");
    Curve curve = run.curve();
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
