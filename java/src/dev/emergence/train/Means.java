package dev.emergence.train;

import java.util.Arrays;
import java.util.List;

/**
 * One row of measurements a replica: means over sequences, summed in float64, under named columns.
 */
public final class Means {
  private final List<String> columns;
  private final double[][] sums;
  private final long[][] counts;

  Means(int replicas, List<String> columns) {
    this.columns = List.copyOf(columns);
    this.sums = new double[replicas][columns.size()];
    this.counts = new long[replicas][columns.size()];
  }

  /** Number of replicas, R. */
  public int replicas() {
    return sums.length;
  }

  /**
   * The place of a column.
   *
   * @throws IllegalArgumentException naming the known ones when there is none of that name
   */
  public int at(String column) {
    int at = columns.indexOf(column);
    if (at < 0) {
      throw new IllegalArgumentException(
          "nothing measures '" + column + "'; measured: " + String.join(", ", columns));
    }
    return at;
  }

  /**
   * Adds a value to a mean. A column to which nothing is added has no number at this evaluation.
   *
   * @param value finite, unless the losses of the replica are not: a run ends with an error where
   *     the measure of a plug-in gives another one
   */
  public void add(int replica, int column, double value) {
    sums[replica][column] += value;
    counts[replica][column]++;
  }

  /** A single value for each replica; there is no mean. */
  void set(String column, double[] values) {
    int at = at(column);
    for (int r = 0; r < sums.length; r++) {
      sums[r][at] = values[r];
      counts[r][at] = 1;
    }
  }

  /** A replica's mean; NaN where nothing was added. */
  public double value(int replica, int column) {
    return counts[replica][column] == 0
        ? Double.NaN
        : sums[replica][column] / counts[replica][column];
  }

  /** Whether numbers were added whose mean is none. */
  boolean isBroken(int replica, int column) {
    return counts[replica][column] > 0 && !Double.isFinite(value(replica, column));
  }

  /** [replica][column]. */
  double[][] values() {
    double[][] out = new double[sums.length][columns.size()];
    for (int r = 0; r < out.length; r++) {
      int replica = r;
      Arrays.setAll(out[r], c -> value(replica, c));
    }
    return out;
  }
}
