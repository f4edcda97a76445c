package dev.emergence.execute.run;

import dev.emergence.result.Curve;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A curve that grows row by row. */
final class Rows {
  private final List<String> columns;
  private double[] steps = new double[64];
  private double[][] values = new double[64][];
  private int size;
  private Curve curve;

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
    if (size == steps.length) {
      steps = Arrays.copyOf(steps, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    steps[size] = step;
    values[size++] = row;
    curve = null;
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
    return size > 0 && steps[size - 1] >= step;
  }

  /** The rows so far: put together once after each row, however often it is asked for. */
  Curve curve() {
    if (curve == null) {
      curve = new Curve(columns, Arrays.copyOf(steps, size), Arrays.copyOf(values, size));
    }
    return curve;
  }
}
