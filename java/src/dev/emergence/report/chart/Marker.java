package dev.emergence.report.chart;

/** The sign at a point. */
public enum Marker {
  CIRCLE,
  SQUARE,
  DIAMOND,
  /** A hollow triangle that points up: the true value lies higher. */
  AT_LEAST,
  CROSS;

  /** Corners around (0, 0) for a radius of 1; empty for the circle. */
  double[][] corners() {
    return switch (this) {
      case CIRCLE -> new double[0][];
      case SQUARE -> new double[][] {{-0.9, -0.9}, {0.9, -0.9}, {0.9, 0.9}, {-0.9, 0.9}};
      case DIAMOND -> new double[][] {{0, -1.3}, {1.1, 0}, {0, 1.3}, {-1.1, 0}};
      case AT_LEAST -> new double[][] {{0, -1.35}, {1.2, 0.9}, {-1.2, 0.9}};
      case CROSS ->
          new double[][] {
            {-1.1, -0.7},
            {-0.7, -1.1},
            {0, -0.4},
            {0.7, -1.1},
            {1.1, -0.7},
            {0.4, 0},
            {1.1, 0.7},
            {0.7, 1.1},
            {0, 0.4},
            {-0.7, 1.1},
            {-1.1, 0.7},
            {-0.4, 0}
          };
    };
  }

  boolean hollow() {
    return this == AT_LEAST;
  }
}
