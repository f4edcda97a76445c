package dev.emergence.report.chart;

/**
 * How large a figure is as a whole, in units of 1/96 inch; NaN leaves a length to what is drawn.
 *
 * @param width of the document, margins and legend included
 * @param height likewise
 */
public record Size(double width, double height) {
  /** As large as its panels make it. */
  public static final Size FREE = new Size(Double.NaN, Double.NaN);

  private static final double MILLIMETRE = 96 / 25.4;

  /** In millimetres; NaN leaves a length to what is drawn. */
  public static Size ofMillimetres(double width, double height) {
    return new Size(width * MILLIMETRE, height * MILLIMETRE);
  }

  /** A length in millimetres. */
  static double millimetres(double units) {
    return units / MILLIMETRE;
  }

  boolean hasWidth() {
    return !Double.isNaN(width);
  }

  boolean hasHeight() {
    return !Double.isNaN(height);
  }
}
