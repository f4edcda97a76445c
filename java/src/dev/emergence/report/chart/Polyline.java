package dev.emergence.report.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/** Connected points in pixels (or in grid indices, for contours). */
record Polyline(double[] x, double[] y) {
  /** More points than this for a pixel column show no more. */
  private static final int PER_COLUMN = 4;

  /** The unbroken parts of a line that is missing where a coordinate is NaN. */
  static List<Polyline> parts(double[] x, double[] y) {
    List<Polyline> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= x.length; i++) {
      if (i == x.length || Double.isNaN(x[i]) || Double.isNaN(y[i])) {
        if (i > start) {
          parts.add(new Polyline(Arrays.copyOfRange(x, start, i), Arrays.copyOfRange(y, start, i)));
        }
        start = i + 1;
      }
    }
    return parts;
  }

  /** Whether all its points are one pixel, so that no renderer would draw a line. */
  boolean isDot() {
    DoubleSummaryStatistics across = Arrays.stream(x).summaryStatistics();
    DoubleSummaryStatistics down = Arrays.stream(y).summaryStatistics();
    return across.getMax() - across.getMin() < 1 && down.getMax() - down.getMin() < 1;
  }

  /** A single point as a short dash; other lines as they are. */
  Polyline wide() {
    return x.length == 1
        ? new Polyline(new double[] {x[0] - 1.5, x[0] + 1.5}, new double[] {y[0], y[0]})
        : this;
  }

  /** The same picture from fewer points: first, lowest, highest and last of each pixel column. */
  Polyline thinned(double width) {
    if (x.length <= PER_COLUMN * width || !rising()) {
      return this;
    }
    List<Integer> kept = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= x.length; i++) {
      if (i == x.length || Math.floor(x[i]) != Math.floor(x[start])) {
        column(start, i, kept);
        start = i;
      }
    }
    double[] tx = kept.stream().mapToDouble(i -> x[i]).toArray();
    double[] ty = kept.stream().mapToDouble(i -> y[i]).toArray();
    return new Polyline(tx, ty);
  }

  private void column(int start, int end, List<Integer> kept) {
    int low = start;
    int high = start;
    for (int i = start; i < end; i++) {
      low = y[i] < y[low] ? i : low;
      high = y[i] > y[high] ? i : high;
    }
    kept.addAll(
        Arrays.stream(new int[] {start, Math.min(low, high), Math.max(low, high), end - 1})
            .distinct()
            .boxed()
            .toList());
  }

  private boolean rising() {
    for (int i = 1; i < x.length; i++) {
      if (x[i] < x[i - 1]) {
        return false;
      }
    }
    return true;
  }

  /** This line and the other one backwards: the outline of the area between. */
  Polyline closedWith(Polyline back) {
    int n = x.length;
    int m = back.x.length;
    double[] ox = Arrays.copyOf(x, n + m);
    double[] oy = Arrays.copyOf(y, n + m);
    for (int i = 0; i < m; i++) {
      ox[n + i] = back.x[m - 1 - i];
      oy[n + i] = back.y[m - 1 - i];
    }
    return new Polyline(ox, oy);
  }
}
