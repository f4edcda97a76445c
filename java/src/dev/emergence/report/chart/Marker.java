package dev.emergence.report.chart;

/** The sign at a point. */
public enum Marker {
  CIRCLE,
  SQUARE,
  DIAMOND,
  /** A triangle that points down. */
  WEDGE,
  CROSS,
  PLUS,
  /** A triangle that points up, always an outline: the true value lies higher. */
  AT_LEAST,
  /** An upright stroke: a run that ended without a crossing. */
  TICK,
  /** A level stroke: a middle. */
  DASH;

  /** Corners around (0, 0) for a radius of 1; empty for the circle. */
  double[][] corners() {
    return switch (this) {
      case CIRCLE -> new double[0][];
      case SQUARE -> new double[][] {{-0.9, -0.9}, {0.9, -0.9}, {0.9, 0.9}, {-0.9, 0.9}};
      case DIAMOND -> new double[][] {{0, -1.3}, {1.1, 0}, {0, 1.3}, {-1.1, 0}};
      case WEDGE -> new double[][] {{0, 1.3}, {1.2, -0.85}, {-1.2, -0.85}};
      case AT_LEAST -> new double[][] {{0, -1.35}, {1.2, 0.9}, {-1.2, 0.9}};
      case TICK -> new double[][] {{-0.22, -1.5}, {0.22, -1.5}, {0.22, 1.5}, {-0.22, 1.5}};
      case DASH -> new double[][] {{-2.6, -0.3}, {2.6, -0.3}, {2.6, 0.3}, {-2.6, 0.3}};
      case PLUS ->
          new double[][] {
            {-0.35, -1.3},
            {0.35, -1.3},
            {0.35, -0.35},
            {1.3, -0.35},
            {1.3, 0.35},
            {0.35, 0.35},
            {0.35, 1.3},
            {-0.35, 1.3},
            {-0.35, 0.35},
            {-1.3, 0.35},
            {-1.3, -0.35},
            {-0.35, -0.35}
          };
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

  boolean alwaysHollow() {
    return this == AT_LEAST;
  }
}
