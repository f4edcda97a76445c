package dev.emergence.execute.run;

import dev.emergence.result.Curve;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A curve that grows row by row. */
final class Rows {
  private final List<String> columns;
  private final List<Double> steps = new ArrayList<>();
  private final List<double[]> values = new ArrayList<>();

  Rows(List<String> columns) {
    this.columns = columns;
  }

  /**
   * Takes over the rows of a curve.
   *
   * @throws IllegalArgumentException when its columns are others
   */
  void restore(Curve curve) {
    if (!curve.columns().equals(columns)) {
      throw new IllegalArgumentException(
          "a stored curve has columns " + curve.columns() + ", expected " + columns);
    }
    for (int row = 0; row < curve.size(); row++) {
      add((long) curve.steps()[row], curve.values()[row]);
    }
  }

  void add(long step, double[] row) {
    steps.add((double) step);
    values.add(row);
  }

  List<String> columns() {
    return columns;
  }

  /** The numbers of one row under their names, without those that were not measured. */
  static Map<String, Double> byColumn(List<String> columns, double[] row) {
    Map<String, Double> named = new LinkedHashMap<>();
    for (int i = 0; i < row.length; i++) {
      if (Double.isFinite(row[i])) {
        named.put(columns.get(i), row[i]);
      }
    }
    return named;
  }

  /** Whether this step has been measured. */
  boolean has(long step) {
    return !steps.isEmpty() && steps.get(steps.size() - 1) >= step;
  }

  /** The rows so far. */
  Curve curve() {
    return new Curve(
        columns, steps.stream().mapToDouble(s -> s).toArray(), values.toArray(double[][]::new));
  }
}
