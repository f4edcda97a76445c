package dev.emergence.report.chart;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Paints on another canvas and remembers where lines, outlines and signs are, so that words can be
 * placed where they cover few of them. Text and pale areas without an outline are not remembered.
 */
final class Ink implements Canvas {
  private final Canvas to;
  private final List<Polyline> lines = new ArrayList<>();

  Ink(Canvas to) {
    this.to = to;
  }

  /** Length of all that is drawn within a box: signs count with the length of their outline. */
  double within(Box box) {
    double length = 0;
    for (Polyline line : lines) {
      double[] x = line.x();
      double[] y = line.y();
      for (int i = 1; i < x.length; i++) {
        length += within(box, x[i - 1], y[i - 1], x[i], y[i]);
      }
    }
    return length;
  }

  /** Length of the part of a segment within a box (Liang and Barsky 1984). */
  private static double within(Box box, double x, double y, double toX, double toY) {
    double dx = toX - x;
    double dy = toY - y;
    double[] slopes = {-dx, dx, -dy, dy};
    double[] rooms = {x - box.x(), box.right() - x, y - box.y(), box.bottom() - y};
    double from = 0;
    double to = 1;
    for (int side = 0; side < 4; side++) {
      if (slopes[side] == 0 && rooms[side] < 0) {
        return 0;
      } else if (slopes[side] < 0) {
        from = Math.max(from, rooms[side] / slopes[side]);
      } else if (slopes[side] > 0) {
        to = Math.min(to, rooms[side] / slopes[side]);
      }
    }
    return Math.max(0, to - from) * Math.hypot(dx, dy);
  }

  @Override
  public void line(double[] x, double[] y, int n, Pen pen) {
    lines.add(new Polyline(Arrays.copyOf(x, n), Arrays.copyOf(y, n)));
    to.line(x, y, n, pen);
  }

  @Override
  public void area(double[] x, double[] y, Color fill, Pen outline) {
    if (fill.getAlpha() == 255 || outline.width() > 0) {
      lines.add(new Polyline(x, y));
    }
    to.area(x, y, fill, outline);
  }

  @Override
  public void disc(double x, double y, double radius, Color fill, Pen outline) {
    lines.add(
        new Polyline(
            new double[] {x - radius, x, x + radius, x, x - radius},
            new double[] {y, y - radius, y, y + radius, y}));
    to.disc(x, y, radius, fill, outline);
  }

  @Override
  public void text(RichText text, double x, double y, TextStyle style) {
    to.text(text, x, y, style);
  }

  @Override
  public void cells(Color[][] cells, Box box) {
    to.cells(cells, box);
  }

  @Override
  public void clipped(Box box, Runnable painting) {
    to.clipped(box, painting);
  }
}
