package dev.emergence.report.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Places of the panels of a figure: a grid whose rows and columns are as wide as their widest
 * member needs.
 */
record FigureLayout(Figure figure, List<Placed> placed, double width, double height) {
  private static final double TITLE = 26;
  private static final double LEAST_WIDTH = 160;
  private static final double LEAST_HEIGHT = 40;

  /** A panel at its place; the box is its drawing area. */
  record Placed(PanelLayout layout, Box box) {}

  static FigureLayout of(Figure figure) {
    List<PanelLayout> panels = figure.panels().stream().map(PanelLayout::of).toList();
    int columns = figure.columns();
    int rows = (panels.size() + columns - 1) / columns;
    double[] x = new double[columns + 1];
    double[] left = new double[columns];
    for (int c = 0; c < columns; c++) {
      List<PanelLayout> members = members(panels, c, columns, true);
      left[c] = largest(members, PanelLayout::left);
      x[c + 1] =
          x[c]
              + left[c]
              + largest(members, p -> p.panel.width())
              + largest(members, PanelLayout::right);
    }
    double[] y = new double[rows + 1];
    double[] top = new double[rows];
    y[0] = figure.title().isEmpty() ? 0 : TITLE;
    for (int r = 0; r < rows; r++) {
      List<PanelLayout> members = members(panels, r, columns, false);
      top[r] = largest(members, PanelLayout::top);
      y[r + 1] =
          y[r]
              + top[r]
              + largest(members, p -> p.panel.height())
              + largest(members, PanelLayout::bottom);
    }
    double least = Math.max(LEAST_WIDTH, Math.ceil(x[columns]));
    return new FigureLayout(
        figure, placed(panels, x, left, y, top), least, Math.ceil(Math.max(y[rows], LEAST_HEIGHT)));
  }

  /**
   * Drawing areas, from where columns and rows begin and how much their members keep free there.
   */
  private static List<Placed> placed(
      List<PanelLayout> panels, double[] x, double[] left, double[] y, double[] top) {
    List<Placed> placed = new ArrayList<>();
    for (int i = 0; i < panels.size(); i++) {
      Panel panel = panels.get(i).panel;
      int column = i % left.length;
      int row = i / left.length;
      Box box = new Box(x[column] + left[column], y[row] + top[row], panel.width(), panel.height());
      placed.add(new Placed(panels.get(i), box));
    }
    return placed;
  }

  private static List<PanelLayout> members(
      List<PanelLayout> panels, int index, int columns, boolean column) {
    List<PanelLayout> members = new ArrayList<>();
    for (int i = 0; i < panels.size(); i++) {
      if ((column ? i % columns : i / columns) == index) {
        members.add(panels.get(i));
      }
    }
    return members;
  }

  private static double largest(List<PanelLayout> panels, ToDoubleFunction<PanelLayout> of) {
    return panels.stream().mapToDouble(of).max().orElse(0);
  }
}
