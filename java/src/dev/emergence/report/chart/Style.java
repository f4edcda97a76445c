package dev.emergence.report.chart;

import java.util.Objects;

/**
 * How large and how heavy everything is. Lengths in units of 1/96 inch, the unit of a pixel on a
 * page.
 *
 * @param title font size of figure titles and panel letters
 * @param label font size of axis labels and panel titles
 * @param tick font size of numbers at axes and of legends
 * @param note font size of the sentences under a figure
 * @param stroke factor on the widths of all lines
 * @param sign radius of the signs at points
 * @param family font families in order of preference, as CSS has them
 */
public record Style(
    double title,
    double label,
    double tick,
    double note,
    double stroke,
    double sign,
    String family) {
  /** Units in a typographic point. */
  private static final double POINT = 96.0 / 72;

  /** Families whose letters are as wide as those that a PDF embeds. */
  public static final String SANS =
      "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

  /** For pages that are read on a screen. */
  public static final Style SCREEN = new Style(13, 12, 10.5, 9.5, 1, 3.2, SANS);

  public Style {
    Objects.requireNonNull(family);
    for (double size : new double[] {title, label, tick, note, stroke, sign}) {
      if (!(size > 0 && size < 1000)) {
        throw new IllegalArgumentException("sizes are above 0, got " + size);
      }
    }
  }

  /**
   * For print.
   *
   * @param title points, as the others
   * @param stroke factor on the widths of lines and the radius of signs
   */
  public static Style inPoints(
      double title, double label, double tick, double note, double stroke, String family) {
    return new Style(
        title * POINT, label * POINT, tick * POINT, note * POINT, stroke, 2.4 * stroke, family);
  }

  /** Height of a line of a legend. */
  double row() {
    return 1.48 * tick;
  }

  /** Height of a line under a figure. */
  double noteRow() {
    return 1.32 * note;
  }

  /** Length of a tick mark. */
  double tickLength() {
    return 0.38 * tick;
  }

  /** Length of a stroke in a legend. */
  double swatch() {
    return 2.3 * tick;
  }
}
