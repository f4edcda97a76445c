package dev.emergence.report;

import dev.emergence.analysis.Observation;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.LineStyle;
import dev.emergence.report.chart.Palette;
import java.awt.Color;
import java.util.Arrays;

/**
 * One column of one run over training, as a line.
 *
 * @param unit what steps were divided by
 */
record Series(double[] x, double[] y, double unit) {
  /** Lines of several runs in one panel let each other show through. */
  private static final int MANY = 12;

  /**
   * A recorded column over steps.
   *
   * @param logX whether step 0, which has no place on a logarithmic axis, is left out without a
   *     word
   */
  static Series of(Observation run, String column, boolean logX) {
    double[] x = run.curve().steps();
    double[] y = run.curve().column(column);
    int from = logX && x.length > 0 && x[0] == 0 ? 1 : 0;
    return new Series(
        Arrays.copyOfRange(x, from, x.length), Arrays.copyOfRange(y, from, y.length), 1);
  }

  /** Over steps divided by a time. */
  Series over(double time) {
    return new Series(Arrays.stream(x).map(v -> v / time).toArray(), y, unit * time);
  }

  /** The value at a place, by a straight line between evaluations; NaN outside of them. */
  double at(double place) {
    int found = Arrays.binarySearch(x, place);
    if (found >= 0) {
      return y[found];
    }
    int next = -found - 1;
    if (next == 0 || next == x.length) {
      return Double.NaN;
    }
    double share = (place - x[next - 1]) / (x[next] - x[next - 1]);
    return y[next - 1] + share * (y[next] - y[next - 1]);
  }

  Layer.Line line(Color color, int runs) {
    boolean many = runs > MANY;
    return new Layer.Line(
        x, y, many ? Palette.clear(color, 0.75) : color, LineStyle.SOLID, many ? 1.0 : 1.4);
  }

  boolean measured() {
    return Arrays.stream(y).anyMatch(v -> !Double.isNaN(v));
  }
}
