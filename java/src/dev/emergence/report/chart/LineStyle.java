package dev.emergence.report.chart;

/** How a line is broken. */
public enum LineStyle {
  SOLID,
  /** Predictions of the theory. */
  DASHED,
  /** Published laws and thresholds. */
  DOTTED,
  /** Series beyond the seventh. */
  DASH_DOT,
  /** Series beyond the fourteenth. */
  LONG_DASH,
  /** Series beyond the twenty-first. */
  DASH_DOT_DOT;

  /** Lengths of strokes and gaps; empty for an unbroken line. */
  double[] dashes() {
    return switch (this) {
      case SOLID -> new double[0];
      case DASHED -> new double[] {5, 3};
      case DOTTED -> new double[] {1.2, 2.6};
      case DASH_DOT -> new double[] {6, 2.2, 1.2, 2.2};
      case LONG_DASH -> new double[] {10, 3};
      case DASH_DOT_DOT -> new double[] {6, 2, 1.2, 2, 1.2, 2};
    };
  }
}
