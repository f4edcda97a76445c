package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.Legend;
import dev.emergence.report.chart.LineStyle;
import dev.emergence.report.chart.Panel;
import dev.emergence.spec.PlotSpec;
import dev.emergence.theory.Relation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A relation that the theory gives in closed form, a line for each condition. */
final class TheoryPlot {
  private static final int POINTS = 400;

  private final PlotSpec.Theory plot;
  private final PlotContext context;

  TheoryPlot(PlotSpec.Theory plot, PlotContext context) {
    this.plot = plot;
    this.context = context;
  }

  Figure figure() {
    List<Cell> cells = context.cells(plot);
    if (cells.isEmpty()) {
      return Plots.note("No condition is left by where.");
    }
    Coloring coloring =
        Coloring.of(cells, plot.color(), context.names(), context.analysis().symbols());
    List<Layer> layers = new ArrayList<>();
    Relation any = Relation.of(plot.relation(), cells.get(0).condition().config(), POINTS);
    for (Cell cell : cells) {
      double[][] points = Relation.of(plot.relation(), cell.condition().config(), POINTS).points();
      double[] x = Arrays.stream(points).mapToDouble(p -> p[0]).toArray();
      double[] y = Arrays.stream(points).mapToDouble(p -> p[1]).toArray();
      layers.add(
          new Layer.Line(
              x, y, coloring.group(cell, cell.seeds().get(0)).color(), LineStyle.SOLID, 1.5));
    }
    Panel panel =
        Panel.of(
                PlotContext.axis(Names.metric(any.x()), plot.scale().x(), plot.limits().x()),
                PlotContext.axis(Names.metric(any.y()), plot.scale().y(), plot.limits().y()))
            .with(layers);
    return Figure.of(coloring.tells() ? panel.with(legend(coloring)) : panel);
  }

  private static Legend legend(Coloring coloring) {
    List<Legend.Entry> entries = new ArrayList<>();
    coloring.groups().values().forEach(g -> entries.add(g.line()));
    return new Legend(coloring.title(), entries);
  }
}
