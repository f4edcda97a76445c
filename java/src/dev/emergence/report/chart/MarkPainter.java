package dev.emergence.report.chart;

import java.awt.Color;

/** Paints the sign at a point. */
final class MarkPainter {
  private MarkPainter() {}

  static void paint(Canvas canvas, double px, double py, Mark mark, Style style) {
    boolean hollow = mark.hollow() || mark.marker().alwaysHollow();
    Color fill = hollow ? Color.WHITE : mark.color();
    double edge = style.stroke();
    // A white rim keeps signs apart that lie on one another; a stroke would vanish in it.
    boolean stroke = mark.marker() == Marker.TICK || mark.marker() == Marker.DASH;
    Pen rim = stroke ? Pen.solid(mark.color(), 0) : Pen.solid(Color.WHITE, 0.7 * edge);
    Pen outline = hollow ? Pen.solid(mark.color(), 1.3 * edge) : rim;
    double radius = style.sign() * mark.size();
    double[][] corners = mark.marker().corners();
    if (corners.length == 0) {
      canvas.disc(px, py, radius, fill, outline);
      return;
    }
    double[] xs = new double[corners.length];
    double[] ys = new double[corners.length];
    for (int k = 0; k < xs.length; k++) {
      xs[k] = px + radius * corners[k][0];
      ys[k] = py + radius * corners[k][1];
    }
    canvas.area(xs, ys, fill, outline);
  }
}
