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

  /** Columns to which numbers may be added, by their place. */
  private final boolean[] open;

  Means(int replicas, List<String> columns) {
    this.columns = List.copyOf(columns);
    this.sums = new double[replicas][columns.size()];
    this.counts = new long[replicas][columns.size()];
    this.open = new boolean[columns.size()];
    Arrays.fill(open, true);
  }

  private Means(Means all, List<String> own) {
    this.columns = all.columns;
    this.sums = all.sums;
    this.counts = all.counts;
    this.open = new boolean[columns.size()];
    own.forEach(column -> open[at(column)] = true);
  }

  /** The same numbers, for one who may add to some columns alone and read all. */
  Means only(List<String> own) {
    return new Means(this, own);
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
   * @throws IllegalArgumentException when the column is another measure's
   */
  public void add(int replica, int column, double value) {
    if (!open[column]) {
      throw new IllegalArgumentException(columns.get(column) + " is a column of another measure");
    }
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
