package dev.emergence.report.chart;

/** How a line is broken. */
public enum LineStyle {
  SOLID,
  DASHED,
  DOTTED;

  /** Lengths of strokes and gaps; empty for an unbroken line. */
  double[] dashes() {
    return switch (this) {
      case SOLID -> new double[0];
      case DASHED -> new double[] {5, 3};
      case DOTTED -> new double[] {1.2, 2.6};
    };
  }
}
