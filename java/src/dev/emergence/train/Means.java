package dev.emergence.train;

import java.util.Arrays;

/** Means of columns over sequences, for each replica, summed in float64. */
final class Means {
  private final double[][] sums;
  private final long[][] counts;

  Means(int replicas, int columns) {
    this.sums = new double[replicas][columns];
    this.counts = new long[replicas][columns];
  }

  void add(int replica, int column, double value) {
    sums[replica][column] += value;
    counts[replica][column]++;
  }

  /** A single value; there is no mean. */
  void set(int replica, int column, double value) {
    sums[replica][column] = value;
    counts[replica][column] = 1;
  }

  /** [replica][column]; NaN where nothing was added. */
  double[][] values() {
    double[][] out = new double[sums.length][];
    for (int r = 0; r < sums.length; r++) {
      double[] row = sums[r].clone();
      long[] count = counts[r];
      Arrays.setAll(row, c -> count[c] == 0 ? Double.NaN : row[c] / count[c]);
      out[r] = row;
    }
    return out;
  }
}
