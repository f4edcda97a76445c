package dev.emergence.report.chart;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;

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
   * Signs at points, with error bars and words beside them.
   *
   * @param lower lower ends of the bars; NaN for none
   * @param upper upper ends of the bars; NaN for none
   * @param labels words to the right of each point; empty for none at all
   */
  record Points(
      double[] x, double[] y, double[] lower, double[] upper, Mark mark, List<RichText> labels)
      implements Layer {
    public Points {
      sameLength(x, y);
      sameLength(lower, upper);
      sameLength(x, lower);
      labels = List.copyOf(labels);
    }

    /** Without bars. */
    public static Points plain(double[] x, double[] y, Mark mark) {
      double[] none = new double[x.length];
      Arrays.fill(none, Double.NaN);
      return new Points(x, y, none, none, mark, List.of());
    }

    /** Without bars, filled. */
    public static Points plain(double[] x, double[] y, Color color, Marker marker) {
      return plain(x, y, Mark.of(color, marker));
    }

    /** With words beside the points. */
    public Points labelled(List<RichText> words) {
      return new Points(x, y, lower, upper, mark, words);
    }
  }

  /** A pale area between two curves. */
  record Band(double[] x, double[] lower, double[] upper, Color color) implements Layer {
    public Band {
      sameLength(x, lower);
      sameLength(x, upper);
    }
  }

  /**
   * Columns from the lower end of the axis (zero on a linear one) up to a value.
   *
   * @param width of a column, in units of the x axis
   */
  record Bars(double[] x, double[] y, double width, Color color) implements Layer {
    public Bars {
      sameLength(x, y);
    }
  }

  /**
   * One box: quartiles with the median across, and whiskers.
   *
   * @param width in units of the x axis
   * @param five lower whisker, lower quartile, median, upper quartile, upper whisker
   */
  record BoxPlot(double x, double width, double[] five, Color color) implements Layer {
    public BoxPlot {
      if (five.length != 5) {
        throw new IllegalArgumentException("a box has five numbers, got " + five.length);
      }
    }
  }

  /**
   * Words centred at a place, as on the cells of a heat map.
   *
   * @param lines how many lines below the place they stand; may be a fraction, or negative
   */
  record Label(double x, double y, double lines, RichText text, Color color) implements Layer {}

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

  /** Outlines around single cells of a heat map whose cells are one unit wide. */
  record Frames(double[] x, double[] y, Color color) implements Layer {
    public Frames {
      sameLength(x, y);
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
