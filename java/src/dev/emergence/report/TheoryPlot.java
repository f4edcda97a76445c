package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.Legend;
import dev.emergence.report.chart.Panel;
import dev.emergence.spec.Look;
import dev.emergence.spec.TheoryPlots;
import dev.emergence.theory.Relation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A relation that the theory gives in closed form, a line for each condition. */
final class TheoryPlot {
  private static final int POINTS = 400;

  private final TheoryPlots.Theory plot;
  private final PlotContext context;

  TheoryPlot(TheoryPlots.Theory plot, PlotContext context) {
    this.plot = plot;
    this.context = context;
  }

  Figure figure() {
    List<Cell> cells = context.cells(plot);
    if (cells.isEmpty()) {
      return Plots.note("No condition is left by where and select.");
    }
    Coloring coloring = Coloring.of(cells, plot.color(), plot.facets(), context, plot.look());
    return new Multiples(plot.look(), plot.facets(), context)
        .figure(cells, some -> panel(some, coloring));
  }

  private Panel panel(List<Cell> cells, Coloring coloring) {
    List<Layer> layers = new ArrayList<>();
    Relation any = Relation.of(plot.relation(), cells.get(0).condition().config(), POINTS);
    for (Cell cell : cells) {
      double[][] points = Relation.of(plot.relation(), cell.condition().config(), POINTS).points();
      double[] x = Arrays.stream(points).mapToDouble(p -> p[0]).toArray();
      double[] y = Arrays.stream(points).mapToDouble(p -> p[1]).toArray();
      Coloring.Group group = coloring.group(cell);
      layers.add(new Layer.Line(x, y, group.color(), group.mark().line(), 1.5));
      for (int i = 0; i < x.length; i++) {
        Map<String, Object> row = new LinkedHashMap<>(PlotContext.columns(cell));
        row.put("x", x[i]);
        row.put("y", y[i]);
        context.data().row(row);
      }
    }
    Look.Labels labels = plot.look().labels();
    Panel panel =
        Panel.of(
                PlotContext.axis(
                    PlotContext.label(labels.x(), Names.metric(any.x())),
                    plot.scale().x(),
                    plot.limits().x()),
                PlotContext.axis(
                    PlotContext.label(labels.y(), Names.metric(any.y())),
                    plot.scale().y(),
                    plot.limits().y()))
            .with(layers)
            .noting("Curves of the theory; nothing measured is drawn.");
    return coloring.tells() ? panel.with(new Legend(coloring.title(), coloring.lines())) : panel;
  }
}
