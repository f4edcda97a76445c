package dev.emergence.report.chart;

import java.awt.Color;

/**
 * One thing drawn into a panel; later layers cover earlier ones. Points that are not finite are
 * left out.
 */
public sealed interface Layer {

  /** A line through points in their order; it is interrupted where a point is missing. */
  record Line(double[] x, double[] y, Color color, LineStyle style, double width) implements Layer {
    public Line {
      sameLength(x, y);
    }
  }

  /**
   * Signs at points, with error bars.
   *
   * @param lower lower ends of the bars; NaN for none
   * @param upper upper ends of the bars; NaN for none
   */
  record Points(double[] x, double[] y, double[] lower, double[] upper, Color color, Marker marker)
      implements Layer {
    public Points {
      sameLength(x, y);
      sameLength(lower, upper);
      sameLength(x, lower);
    }

    /** Without bars. */
    public static Points plain(double[] x, double[] y, Color color, Marker marker) {
      double[] none = new double[x.length];
      java.util.Arrays.fill(none, Double.NaN);
      return new Points(x, y, none, none, color, marker);
    }
  }

  /** A pale area between two curves. */
  record Band(double[] x, double[] lower, double[] upper, Color color) implements Layer {
    public Band {
      sameLength(x, lower);
      sameLength(x, upper);
    }
  }

  /** A straight line across the panel at one value, with words beside it. */
  record Rule(boolean vertical, double at, RichText label, Color color, LineStyle style)
      implements Layer {}

  /**
   * Coloured cells.
   *
   * @param x centres of the columns, evenly spaced on the panel's axis
   * @param y centres of the rows, likewise
   * @param z {@code z[row][column]}; NaN is grey
   */
  record HeatMap(double[] x, double[] y, double[][] z, ColorScale colors) implements Layer {
    public HeatMap {
      if (z.length != y.length) {
        throw new IllegalArgumentException(
            "a heat map has a row a y, got " + z.length + " and " + y.length);
      }
      for (double[] row : z) {
        sameLength(x, row);
      }
    }
  }

  /** Lines of equal height over the grid of a heat map. */
  record Contours(double[] x, double[] y, double[][] z, double[] levels, Color color)
      implements Layer {}

  private static void sameLength(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "x and y have equal lengths, got " + a.length + " and " + b.length);
    }
  }
}
