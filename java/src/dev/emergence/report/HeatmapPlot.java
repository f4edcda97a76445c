package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Center;
import dev.emergence.report.chart.Axis;
import dev.emergence.report.chart.ColorBar;
import dev.emergence.report.chart.ColorScale;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.Panel;
import dev.emergence.report.chart.RichText;
import dev.emergence.report.chart.Scale;
import dev.emergence.spec.GridPlots.Heatmap;
import dev.emergence.spec.PlotSpec;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A measured number over two swept values, as coloured cells with their numbers. A cell with seeds
 * that are lacking has a count; one of which only a limit is known begins with {@code >}.
 */
final class HeatmapPlot {
  /** Numbers on more cells than this in a row cannot be read. */
  private static final int MOST_NUMBERS = 12;

  private static final double CELL = 34;

  private final Heatmap plot;
  private final PlotContext context;
  private final List<Cell> cells;
  private final List<Object> xs;
  private final List<Object> ys;
  private final boolean log;
  private final boolean bySeed;

  HeatmapPlot(Heatmap plot, PlotContext context) {
    this.plot = plot;
    this.context = context;
    this.bySeed =
        Seeds.areApart(
            Optional.of(plot.x()),
            Optional.of(plot.y()),
            plot.facets().rows(),
            plot.facets().columns());
    this.cells = bySeed ? Seeds.apart(context.cells(plot)) : context.cells(plot);
    this.xs = values(c -> value(plot.x(), c));
    this.ys = values(c -> value(plot.y(), c));
    this.log = plot.color() == PlotSpec.Scale.LOG;
  }

  private Object value(String name, Cell cell) {
    return Coloring.value(name, cell, cell.seeds().get(0), context.analysis().symbols());
  }

  private List<Object> values(Function<Cell, Object> of) {
    Set<Object> seen = new LinkedHashSet<>();
    cells.forEach(c -> seen.add(of.apply(c)));
    return Ordering.of(plot.look().order()).sorted(List.copyOf(seen));
  }

  Figure figure() {
    if (cells.isEmpty()) {
      return Plots.note("No condition is left by where and select.");
    }
    ColorScale colors = ColorScale.covering(shown(), Scale.valueOf(plot.color().name()));
    return new Multiples(plot.look(), plot.facets(), context)
        .figure(cells, some -> panel(some, colors));
  }

  /** The numbers of all panels: in each, of several conditions at one place the last one. */
  private double[][] shown() {
    Map<List<Object>, Double> shown = new LinkedHashMap<>();
    for (Cell cell : cells) {
      List<Object> place = new ArrayList<>(List.of(value(plot.x(), cell), value(plot.y(), cell)));
      plot.facets().rows().ifPresent(name -> place.add(value(name, cell)));
      plot.facets().columns().ifPresent(name -> place.add(value(name, cell)));
      Center c = center(cell);
      shown.put(place, isKnown(c) ? c.value() : Double.NaN);
    }
    return new double[][] {shown.values().stream().mapToDouble(v -> v).toArray()};
  }

  private Center center(Cell cell) {
    return Center.of(cell, plot.of(), plot.middle(), PlotSpec.ErrorBar.NONE, log);
  }

  private double[][] grid(List<Cell> some) {
    double[][] z = new double[ys.size()][xs.size()];
    Arrays.stream(z).forEach(row -> Arrays.fill(row, Double.NaN));
    for (Cell cell : some) {
      Center c = center(cell);
      z[ys.indexOf(value(plot.y(), cell))][xs.indexOf(value(plot.x(), cell))] =
          isKnown(c) ? c.value() : Double.NaN;
    }
    return z;
  }

  private static boolean isKnown(Center c) {
    return c.kind() == Center.Kind.ALL || c.kind() == Center.Kind.SOME;
  }

  private Panel panel(List<Cell> some, ColorScale colors) {
    double[][] z = grid(some);
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer.HeatMap(places(xs.size()), places(ys.size()), z, colors));
    Map<List<Integer>, Integer> members = new LinkedHashMap<>();
    Map<List<Integer>, Center> shown = new LinkedHashMap<>();
    for (Cell cell : some) {
      List<Integer> place =
          List.of(xs.indexOf(value(plot.x(), cell)), ys.indexOf(value(plot.y(), cell)));
      Center c = center(cell);
      members.merge(place, 1, Integer::sum);
      shown.put(place, c);
      row(cell, c);
    }
    if (plot.numbers() && xs.size() <= MOST_NUMBERS) {
      shown.forEach(
          (at, c) -> number(at.get(0), at.get(1), c, ink(z[at.get(1)][at.get(0)], colors), layers));
    }
    Panel panel =
        Panel.of(axis(xs, plot.x(), plot.look().labels().x()), rowsAxis())
            .sized(CELL * Math.max(3, xs.size()) + 40, CELL * Math.max(2, ys.size()))
            .with(layers);
    if (some.stream().anyMatch(c -> isKnown(center(c)))) {
      panel = panel.with(new ColorBar(label(), colors));
    }
    for (String note : notes(some, members)) {
      panel = panel.noting(note);
    }
    return panel;
  }

  private void number(int x, int y, Center c, Color ink, List<Layer> to) {
    boolean all = c.kind() == Center.Kind.ALL;
    to.add(new Layer.Label(x, y, all ? 0 : -0.55, number(c), ink));
    if (!all) {
      to.add(new Layer.Label(x, y, 0.6, Marks.share(c), ink));
    }
  }

  private static double[] places(int n) {
    double[] out = new double[n];
    Arrays.setAll(out, i -> i);
    return out;
  }

  private Axis axis(List<Object> values, String name, String own) {
    List<RichText> words = context.values(plot.look(), List.copyOf(values));
    return Axis.ofWords(PlotContext.label(own, context.names().axis(name)), words);
  }

  private Axis rowsAxis() {
    return axis(ys, plot.y(), plot.look().labels().y());
  }

  private RichText label() {
    return PlotContext.label(
        plot.look().labels().color(), Names.column(plot.of(), cells.get(0).condition().config()));
  }

  private static RichText number(Center c) {
    if (c.isWithoutMiddle()) {
      return RichText.plain("–");
    }
    return switch (c.kind()) {
      case NONE -> RichText.plain("–");
      case AT_LEAST -> RichText.plain("> ").then(rounded(c.value()));
      default -> rounded(c.value());
    };
  }

  private static RichText rounded(double value) {
    return RichText.ofNumber(
        Double.isNaN(value)
            ? value
            : new java.math.BigDecimal(value).round(new java.math.MathContext(3)).doubleValue());
  }

  /** Dark on light cells, white on dark ones. */
  private static Color ink(double value, ColorScale colors) {
    double place = colors.place(value);
    return place < 0.55 ? Color.WHITE : new Color(0x1A1A1A);
  }

  private void row(Cell cell, Center c) {
    Map<String, Object> row = Seeds.columns(cell, bySeed);
    row.put("middle", c.kind() == Center.Kind.AT_LEAST ? Double.NaN : c.value());
    row.put("at_least", c.kind() == Center.Kind.AT_LEAST ? c.value() : Double.NaN);
    row.put("known", c.known());
    row.put("seeds", c.seeds());
    context.data().row(row);
  }

  private List<String> notes(List<Cell> some, Map<List<Integer>, Integer> members) {
    List<String> notes = new ArrayList<>();
    notes.addAll(
        Marks.sentences("Cells", some, List.of(), plot.middle(), PlotSpec.ErrorBar.NONE, log));
    if (some.stream().anyMatch(c -> center(c).kind() != Center.Kind.ALL)) {
      notes.add(
          "k/n: only k of n seeds have a value; of times the median by Kaplan and Meier; grey, with"
              + " >: not reached by this step.");
    }
    notes.addAll(Marks.withoutMiddle("number", some.stream().map(this::center).toList()));
    if (log && some.stream().map(this::center).anyMatch(c -> isKnown(c) && c.value() <= 0)) {
      notes.add("Grey with a number: not positive, so without a place on the scale.");
    }
    if (members.values().stream().anyMatch(n -> n > 1)) {
      notes.add("Some cells hold several conditions; the last one is shown.");
    }
    notes.addAll(PlotContext.coarse(some, plot.of()));
    notes.addAll(PlotContext.lackingOf(some, plot.of()));
    return notes;
  }
}
