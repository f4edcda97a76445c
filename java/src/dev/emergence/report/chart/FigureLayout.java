package dev.emergence.report.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Places of the panels of a figure: a grid whose rows and columns are as wide as their widest
 * member needs, a legend that all panels share, and sentences below.
 *
 * @param title in lines; none where the figure has no title
 * @param legend what the panels share, with its place; without entries when each has its own
 * @param notes lines under the figure
 * @param notesTop where they begin
 */
record FigureLayout(
    Figure figure,
    List<RichText> title,
    List<Placed> placed,
    LegendLayout legend,
    Box legendBox,
    List<String> notes,
    double notesTop,
    double width,
    double height) {
  private static final double LEAST_WIDTH = 160;
  private static final double LEAST_HEIGHT = 40;
  private static final double EDGE = 8;

  /** Distance between lines of a title, in sizes of its letters. */
  static final double TITLE_ROW = 1.25;

  private static final int MOST_TITLE_LINES = 3;

  /** A legend beside a figure of fixed width takes at most this share of it. */
  private static final double LEGEND_SHARE = 0.3;

  /** A drawing area is not made smaller than this. */
  private static final double LEAST_PANEL = 36;

  /** Panels that are made narrow keep at least this share of their height. */
  private static final double LEAST_DOWN = 0.5;

  private static final int ROUNDS = 12;

  /** A panel at its place; the box is its drawing area. */
  record Placed(PanelLayout layout, Box box) {}

  static FigureLayout of(Figure figure) {
    Arrangement arrangement = new Arrangement(figure, 1, 1);
    Size size = figure.size();
    if ((!size.hasWidth() && !size.hasHeight()) || figure.panels().isEmpty()) {
      return arrangement.layout();
    }
    double across = 1;
    double down = 1;
    // What stands around the panels depends a little on their size, so it takes some rounds.
    for (int round = 0; round < ROUNDS; round++) {
      if (size.hasWidth()) {
        across = fitted(across, size.width() - arrangement.width(), arrangement.panelWidth());
      }
      down =
          size.hasHeight()
              ? fitted(down, size.height() - arrangement.height(), arrangement.panelHeight())
              : Math.max(across, LEAST_DOWN);
      across = size.hasWidth() ? across : down;
      arrangement = new Arrangement(figure, across, down);
    }
    return arrangement.layout();
  }

  /** A factor on panels that are now so long altogether, for so much more room. */
  private static double fitted(double factor, double more, double now) {
    return now <= 0 ? factor : Math.max(1e-3, factor * (1 + more / now));
  }

  List<PanelLayout> panels() {
    return placed.stream().map(Placed::layout).toList();
  }

  /** All sentences of a figure. */
  static List<String> sentences(Figure figure, List<PanelLayout> panels) {
    List<List<String>> own = new ArrayList<>();
    for (PanelLayout p : panels) {
      List<String> all = new ArrayList<>(p.panel.notes());
      all.addAll(p.findings);
      own.add(all);
    }
    List<String> out = new ArrayList<>(Figure.merged(own, figure.panels()));
    out.addAll(figure.notes());
    return out;
  }

  /** One try at a layout, with drawing areas so many times as large as their panels say. */
  private static final class Arrangement {
    private final Figure figure;
    private final Style style;
    private final List<RichText> title;
    private final List<PanelLayout> panels = new ArrayList<>();
    private final double[] x;
    private final double[] left;
    private final double[] y;
    private final double[] top;
    private final LegendLayout legend;
    private final boolean legendBelow;
    private final List<String> notes;
    private final double width;

    Arrangement(Figure figure, double across, double down) {
      this.figure = figure;
      this.style = figure.style();
      boolean shared = shares(figure.panels());
      double target = figure.size().width();
      double room = figure.size().hasWidth() ? LEGEND_SHARE * target : 280;
      List<Layer> all = figure.panels().stream().flatMap(p -> p.layers().stream()).toList();
      for (Panel panel : figure.panels()) {
        double own =
            figure.panels().size() > 1 && figure.size().hasWidth() ? room / figure.columns() : room;
        panels.add(
            PanelLayout.of(
                shared ? panel.with(Legend.NONE) : panel,
                style,
                Math.max(LEAST_PANEL, across * panel.width()),
                Math.max(
                    Math.max(LEAST_PANEL, PanelLayout.rows(panel, style)), down * panel.height()),
                own,
                figure.sameAxes() && !panel.x().bare() ? all : covered(panel)));
      }
      int columns = Math.min(figure.columns(), Math.max(1, panels.size()));
      int rows = (panels.size() + columns - 1) / columns;
      x = new double[columns + 1];
      left = new double[columns];
      y = new double[rows + 1];
      top = new double[rows];
      columns(columns);
      title = title(figure.size().hasWidth() ? target : Math.max(LEAST_WIDTH, x[columns]));
      rows(rows, columns);
      Legend common = shared ? figure.panels().get(0).legend() : Legend.NONE;
      LegendLayout beside = LegendLayout.beside(common, style, room, y[rows] - y[0]);
      legendBelow = shared && (beside.width() > room || beside.height() > 1.3 * (y[rows] - y[0]));
      legend = legendBelow ? LegendLayout.below(common, style, x[columns] - 2 * EDGE) : beside;
      width =
          Math.max(
              figure.size().hasWidth() ? 0 : LEAST_WIDTH,
              x[columns] + (legendBelow || legend.width() == 0 ? 0 : legend.width() + EDGE));
      double textWidth = figure.size().hasWidth() ? target : width;
      notes =
          figure.notesInside()
              ? Wording.wrap(sentences(figure, panels), (textWidth - 2 * EDGE) / style.note())
              : List.of();
    }

    private static List<Layer> covered(Panel panel) {
      return Stream.concat(panel.layers().stream(), panel.beside().stream()).toList();
    }

    private static boolean shares(List<Panel> panels) {
      return panels.size() > 1
          && !panels.get(0).legend().entries().isEmpty()
          && panels.stream().map(Panel::legend).distinct().count() == 1;
    }

    private void columns(int columns) {
      for (int c = 0; c < columns; c++) {
        List<PanelLayout> members = members(c, columns, true);
        left[c] = largest(members, PanelLayout::left);
        x[c + 1] =
            x[c] + left[c] + largest(members, p -> p.width) + largest(members, PanelLayout::right);
      }
    }

    /** Bold letters are wider. */
    private List<RichText> title(double room) {
      return figure.title().isEmpty()
          ? List.of()
          : Wording.lines(figure.title(), 1.08 * style.title(), room - 12, MOST_TITLE_LINES);
    }

    private void rows(int rows, int columns) {
      y[0] = title.isEmpty() ? 0 : (2 + (title.size() - 1) * TITLE_ROW) * style.title();
      for (int r = 0; r < rows; r++) {
        List<PanelLayout> members = members(r, columns, false);
        top[r] = largest(members, PanelLayout::top);
        y[r + 1] =
            y[r] + top[r] + largest(members, p -> p.height) + largest(members, PanelLayout::bottom);
      }
    }

    double panelWidth() {
      double sum = 0;
      for (int c = 0; c < left.length; c++) {
        sum += largest(members(c, left.length, true), p -> p.width);
      }
      return sum;
    }

    double panelHeight() {
      double sum = 0;
      for (int r = 0; r < top.length; r++) {
        sum += largest(members(r, left.length, false), p -> p.height);
      }
      return sum;
    }

    double width() {
      return width;
    }

    private double panelsBottom() {
      return y[y.length - 1];
    }

    private double notesTop() {
      return Math.max(
              panelsBottom() + (legendBelow ? legend.height() + 4 : 0),
              legendBelow ? 0 : y[0] + EDGE + legend.height())
          + (notes.isEmpty() ? 0 : 2);
    }

    double height() {
      return Math.max(
          notesTop() + style.noteRow() * notes.size() + (notes.isEmpty() ? 0 : 4),
          figure.size().hasHeight() ? 0 : LEAST_HEIGHT);
    }

    FigureLayout layout() {
      List<Placed> placed = new ArrayList<>();
      for (int i = 0; i < panels.size(); i++) {
        PanelLayout p = panels.get(i);
        int column = i % left.length;
        int row = i / left.length;
        placed.add(
            new Placed(p, new Box(x[column] + left[column], y[row] + top[row], p.width, p.height)));
      }
      Box box =
          legendBelow
              ? new Box(EDGE, panelsBottom(), x[x.length - 1] - 2 * EDGE, legend.height())
              : new Box(x[x.length - 1], y[0] + EDGE, legend.width(), legend.height());
      double w = whole(width, figure.size().width());
      double h = whole(height(), figure.size().height());
      return new FigureLayout(figure, title, placed, legend, box, notes, notesTop(), w, h);
    }

    /** The asked size; where that cannot hold what must be drawn, the size that can. */
    private static double whole(double needed, double asked) {
      return Double.isNaN(asked)
          ? Math.ceil(needed)
          : Math.max(asked, needed > asked + 0.5 ? needed : asked);
    }

    private List<PanelLayout> members(int index, int columns, boolean column) {
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
}
