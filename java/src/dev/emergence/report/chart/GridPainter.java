package dev.emergence.report.chart;

import java.awt.Color;

/** Paints numbers over a grid: heat maps and their contours. */
final class GridPainter {
  private final Canvas canvas;
  private final LayerPainter at;

  /**
   * @param at says where numbers lie
   */
  GridPainter(Canvas canvas, LayerPainter at) {
    this.canvas = canvas;
    this.at = at;
  }

  void heatMap(Layer.HeatMap map) {
    if (map.z().length == 0 || map.x().length == 0) {
      return;
    }
    double[] xEdges = Extent.edges(map.x(), at.xScale());
    double[] yEdges = Extent.edges(map.y(), at.yScale());
    double left = at.x(xEdges[0]);
    double right = at.x(xEdges[1]);
    double low = at.y(yEdges[0]);
    double high = at.y(yEdges[1]);
    int rows = map.y().length;
    int columns = map.x().length;
    Color[][] cells = new Color[rows][columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        // The image starts at the top left whichever way the axes run.
        int zRow = high < low ? rows - 1 - row : row;
        int zColumn = left < right ? column : columns - 1 - column;
        cells[row][column] = map.colors().color(map.z()[zRow][zColumn]);
      }
    }
    canvas.cells(
        cells,
        new Box(
            Math.min(left, right),
            Math.min(low, high),
            Math.abs(right - left),
            Math.abs(high - low)));
  }

  void contours(Layer.Contours c) {
    Pen pen = Pen.solid(c.color(), 0.6);
    double[] xs = at.xs(c.x());
    double[] ys = at.ys(c.y());
    for (double level : c.levels()) {
      for (Polyline line : new ContourLines(c.z(), level).trace()) {
        double[] px = new double[line.x().length];
        double[] py = new double[line.x().length];
        for (int i = 0; i < px.length; i++) {
          px[i] = between(xs, line.x()[i]);
          py[i] = between(ys, line.y()[i]);
        }
        canvas.line(px, py, px.length, pen);
      }
    }
  }

  /** A value at a fractional index. */
  private static double between(double[] values, double index) {
    int low = (int) Math.min(Math.floor(index), values.length - 1.0);
    int high = Math.min(low + 1, values.length - 1);
    return values[low] + (index - low) * (values[high] - values[low]);
  }
}
