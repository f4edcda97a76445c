package dev.emergence.report.chart;

import java.awt.Color;

/**
 * Numbers to colours: from dark violet to light yellow.
 *
 * @param from number of the darkest colour
 * @param to number of the lightest
 */
public record ColorScale(double from, double to, Scale scale) {
  private static final Color MISSING = new Color(0xDDDDDD);

  /** Covers all finite numbers of a grid (all positive ones for a logarithmic scale). */
  public static ColorScale covering(double[][] z, Scale scale) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double[] row : z) {
      for (double v : row) {
        if (Double.isFinite(v) && (scale != Scale.LOG || v > 0)) {
          low = Math.min(low, v);
          high = Math.max(high, v);
        }
      }
    }
    return low <= high ? new ColorScale(low, high, scale) : new ColorScale(0, 1, Scale.LINEAR);
  }

  /** Place of a number on the scale: 0 darkest, 1 lightest, 1 too for what is missing. */
  public double place(double value) {
    double place = AxisScale.exactly(scale, from, to).place(value);
    return Double.isNaN(place) ? 1 : Math.max(0, Math.min(1, place));
  }

  Color color(double value) {
    double place = AxisScale.exactly(scale, from, to).place(value);
    return Double.isNaN(place) ? MISSING : Palette.ramp(Math.max(0, Math.min(1, place)));
  }
}
