package dev.emergence.report.chart;

import java.awt.Color;

/** How a line is drawn. */
record Pen(Color color, double width, LineStyle style) {
  static Pen solid(Color color, double width) {
    return new Pen(color, width, LineStyle.SOLID);
  }
}
