package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.report.chart.Axis;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.Legend;
import dev.emergence.report.chart.LineStyle;
import dev.emergence.report.chart.Palette;
import dev.emergence.report.chart.Panel;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TheoryPlots;
import dev.emergence.theory.Optimum;
import dev.emergence.theory.TheoryCurves;
import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Several recorded quantities over time, or against another. Without {@code color:} each quantity
 * has its own colour; with it, quantities differ by how their lines are broken.
 */
final class TrajectoriesPlot {
  private static final Set<String> TIME = Set.of("time", "step", "steps");

  private final TheoryPlots.Trajectories plot;
  private final PlotContext context;
  private final List<Cell> cells;
  private final Coloring coloring;
  private final boolean byQuantity;
  private final boolean overTime;
  private final boolean logX;
  private final List<Layer> layers = new ArrayList<>();
  private final Set<String> missing = new LinkedHashSet<>();

  TrajectoriesPlot(TheoryPlots.Trajectories plot, PlotContext context) {
    this(
        plot,
        context,
        context.cells(plot),
        Coloring.of(context.cells(plot), plot.color(), plot.facets(), context, plot.look()));
  }

  /** One panel, of some conditions. */
  private TrajectoriesPlot(
      TheoryPlots.Trajectories plot, PlotContext context, List<Cell> cells, Coloring coloring) {
    this.plot = plot;
    this.context = context;
    this.cells = cells;
    this.coloring = coloring;
    this.byQuantity = plot.color().isEmpty() && (plot.y().size() > 1 || !coloring.tells());
    this.overTime = TIME.contains(plot.x());
    this.logX = plot.scale().x() == PlotSpec.Scale.LOG;
  }

  Figure figure() {
    return new Multiples(plot.look(), plot.facets(), context)
        .figure(cells, some -> new TrajectoriesPlot(plot, context, some, coloring).panel());
  }

  private Panel panel() {
    int runs = cells.stream().mapToInt(c -> c.seeds().size()).sum();
    for (int q = 0; q < plot.y().size(); q++) {
      for (Cell cell : cells) {
        for (Observation run : cell.seeds()) {
          quantity(cell, run, plot.y().get(q), color(cell, run, q), style(q), runs);
        }
        theory(cell, q);
      }
      optima(q);
    }
    Panel panel = Panel.of(xAxis(), yAxis()).with(layers).with(legend());
    panel = panel.noting(single() ? "A single run." : "A line for each run.");
    for (String column : missing) {
      for (String note : PlotContext.unmeasured(cells, List.of(column))) {
        panel = panel.noting(note);
      }
    }
    for (String note : PlotContext.lacking(cells, "")) {
      panel = panel.noting(note);
    }
    return panel;
  }

  /** Whether one run is all that the figure's panels show. */
  private boolean single() {
    return context.cells(plot).stream().mapToInt(c -> c.seeds().size()).sum() == 1;
  }

  private Color color(Cell cell, Observation run, int quantity) {
    return byQuantity
        ? Palette.unordered(plot.y().size()).get(quantity)
        : coloring.group(cell, run).color();
  }

  private Color theoryColor(Cell cell, int quantity) {
    return byQuantity && plot.y().size() > 1
        ? Palette.unordered(plot.y().size()).get(quantity)
        : coloring.ofCell(cell);
  }

  private LineStyle style(int quantity) {
    if (byQuantity) {
      return LineStyle.SOLID;
    }
    List<LineStyle> styles = new ArrayList<>(List.of(LineStyle.values()));
    if (plot.theory().isPresent()) {
      styles.remove(LineStyle.DASHED);
    }
    if (plot.reference() == TheoryPlots.Reference.OPTIMUM) {
      styles.remove(optimumStyle());
    }
    return styles.get(quantity % styles.size());
  }

  /** Not that of the theory, where both are drawn. */
  private LineStyle optimumStyle() {
    return plot.theory().isPresent() ? LineStyle.DOTTED : LineStyle.DASHED;
  }

  private RunConfig anyConfig() {
    return cells.isEmpty()
        ? context.analysis().experiment().base()
        : cells.get(0).condition().config();
  }

  private Axis xAxis() {
    RichText label = overTime ? RichText.plain(Names.time(anyConfig())) : Names.metric(plot.x());
    return PlotContext.axis(
        PlotContext.label(plot.look().labels().x(), label), plot.scale().x(), plot.limits().x());
  }

  private Axis yAxis() {
    RichText label = RichText.EMPTY;
    for (String quantity : plot.y()) {
      label =
          label.isEmpty() ? Names.metric(quantity) : label.then(", ").then(Names.metric(quantity));
    }
    return PlotContext.axis(
        PlotContext.label(plot.look().labels().y(), label), plot.scale().y(), plot.limits().y());
  }

  private void quantity(
      Cell cell, Observation run, String quantity, Color color, LineStyle style, int runs) {
    if (run.curve().size() == 0) {
      return;
    }
    List<String> needed = overTime ? List.of(quantity) : List.of(quantity, plot.x());
    needed.stream().filter(c -> !run.curve().isMeasured(c)).forEach(missing::add);
    if (needed.stream().allMatch(run.curve()::has)) {
      Layer.Line line =
          overTime
              ? Series.of(run, quantity, logX).line(color, runs)
              : against(run, quantity, color);
      layers.add(new Layer.Line(line.x(), line.y(), line.color(), style, line.width()));
      for (int i = 0; i < line.x().length; i++) {
        Map<String, Object> row = new LinkedHashMap<>(PlotContext.columns(cell));
        row.put("seed", run.seed());
        row.put("quantity", quantity);
        row.put("x", line.x()[i]);
        row.put("value", line.y()[i]);
        context.data().row(row);
      }
    }
  }

  private Layer.Line against(Observation run, String quantity, Color color) {
    return new Layer.Line(
        run.curve().column(plot.x()), run.curve().column(quantity), color, LineStyle.SOLID, 1.4);
  }

  private void theory(Cell cell, int quantity) {
    if (plot.theory().isEmpty() || cell.seeds().get(0).curve().size() == 0) {
      return;
    }
    Observation run = cell.seeds().get(0);
    double[] steps = run.curve().steps();
    RunConfig config = cell.condition().config();
    double[] y = TheoryCurves.over(plot.theory().get(), config, plot.y().get(quantity), steps);
    double[] x =
        overTime ? steps.clone() : TheoryCurves.over(plot.theory().get(), config, plot.x(), steps);
    x[0] = overTime && logX && x[0] == 0 ? Double.NaN : x[0];
    layers.add(new Layer.Line(x, y, theoryColor(cell, quantity), LineStyle.DASHED, 1.2));
  }

  /** The quantity's value at the minimum of the loss, once for all conditions that agree. */
  private void optima(int quantity) {
    if (plot.reference() != TheoryPlots.Reference.OPTIMUM) {
      return;
    }
    Set<Double> drawn = new LinkedHashSet<>();
    for (Cell cell : cells) {
      OptionalDouble optimum = Optimum.of(plot.y().get(quantity), cell.condition().config());
      if (optimum.isPresent() && drawn.add(optimum.getAsDouble())) {
        Color color = color(cell, cell.seeds().get(0), quantity);
        layers.add(
            new Layer.Rule(false, optimum.getAsDouble(), RichText.EMPTY, color, optimumStyle()));
      }
    }
  }

  private Legend legend() {
    List<Legend.Entry> entries = new ArrayList<>();
    if (!byQuantity && coloring.tells()) {
      coloring.groups().values().forEach(g -> entries.add(g.line()));
    }
    for (int q = 0; q < plot.y().size() && plot.y().size() > 1; q++) {
      Color color = byQuantity ? Palette.unordered(plot.y().size()).get(q) : Palette.REFERENCE;
      entries.add(Legend.Entry.line(Names.metric(plot.y().get(q)), color, style(q)));
    }
    plot.theory()
        .ifPresent(
            t ->
                entries.add(
                    Legend.Entry.line(Names.theory(t), Palette.REFERENCE, LineStyle.DASHED)));
    if (plot.reference() == TheoryPlots.Reference.OPTIMUM) {
      entries.add(Legend.Entry.line(RichText.plain("optimum"), Palette.REFERENCE, optimumStyle()));
    }
    return new Legend(byQuantity ? RichText.EMPTY : coloring.title(), entries);
  }
}
