package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.measure.Emergence;
import dev.emergence.report.chart.Axis;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.Legend;
import dev.emergence.report.chart.LineStyle;
import dev.emergence.report.chart.Marker;
import dev.emergence.report.chart.Palette;
import dev.emergence.report.chart.Panel;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.theory.TheoryCurves;
import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A metric over training, a line for each run: crossings come at other steps in other seeds, and a
 * mean of cliffs is no cliff.
 *
 * <p>An attention metric without layer and head ({@code attention.relevant}) is drawn for all of
 * them, by layer when nothing else has a colour.
 */
final class CurvesPlot {
  private final PlotSpec.LearningCurves plot;
  private final PlotContext context;
  private final List<Cell> cells;
  private final Coloring coloring;
  private final boolean logX;
  private final List<Layer> layers = new ArrayList<>();
  private final List<Layer> marks = new ArrayList<>();
  private final Set<Double> levels = new LinkedHashSet<>();

  CurvesPlot(PlotSpec.LearningCurves plot, PlotContext context) {
    this.plot = plot;
    this.context = context;
    this.cells = context.cells(plot);
    this.coloring = Coloring.of(cells, plot.color(), context.names(), context.analysis().symbols());
    this.logX = plot.scale().x() == PlotSpec.Scale.LOG;
  }

  Figure figure() {
    List<String> columns = Heads.columns(plot.y(), cells);
    boolean byLayer = columns.size() > 1 && !coloring.tells();
    int runs = cells.stream().mapToInt(c -> c.seeds().size()).sum() * Math.max(1, columns.size());
    for (Cell cell : cells) {
      for (Observation run : cell.seeds()) {
        for (String column : columns) {
          Color color = byLayer ? Heads.color(column, columns) : coloring.group(cell, run).color();
          draw(run, column, color, runs);
        }
      }
      theory(cell);
    }
    levels();
    Panel panel =
        Panel.of(xAxis(), yAxis())
            .with(layers)
            .with(marks)
            .with(byLayer ? Heads.legend(columns) : legend());
    for (String note : notes(columns)) {
      panel = panel.noting(note);
    }
    return Figure.of(panel);
  }

  private RunConfig anyConfig() {
    return cells.isEmpty()
        ? context.analysis().experiment().base()
        : cells.get(0).condition().config();
  }

  private Axis xAxis() {
    return PlotContext.axis(
        RichText.plain(Names.time(anyConfig())), plot.scale().x(), plot.limits().x());
  }

  private Axis yAxis() {
    return PlotContext.axis(Names.metric(plot.y()), plot.scale().y(), plot.limits().y());
  }

  private void draw(Observation run, String column, Color color, int runs) {
    if (!run.curve().has(column)) {
      return;
    }
    Series series = Series.of(run, column, logX);
    layers.add(series.line(color, runs));
    for (String name : plot.mark()) {
      mark(run, name, series, color);
    }
  }

  /** A sign where the threshold was crossed; its level as a line, where it is the same for all. */
  private void mark(Observation run, String name, Series series, Color color) {
    Threshold threshold = run.thresholds().get(name);
    if (threshold == null) {
      return;
    }
    if (threshold.metric().equals(plot.y()) && threshold.relativeTo() == Relative.ABSOLUTE) {
      levels.add(threshold.below().or(threshold::above).orElseThrow());
    }
    if (run.emergence(name) instanceof Emergence.Reached reached) {
      for (int i = 0; i < series.x().length; i++) {
        if (series.x()[i] == reached.step()) {
          double[] x = {reached.step()};
          double[] y = {series.y()[i]};
          marks.add(Layer.Points.plain(x, y, color, Marker.DIAMOND));
        }
      }
    }
  }

  private void levels() {
    for (double level : levels) {
      String names = plot.mark().size() == 1 ? plot.mark().get(0).replace('_', ' ') : "";
      layers.add(
          0,
          new Layer.Rule(false, level, RichText.plain(names), Palette.REFERENCE, LineStyle.DOTTED));
    }
  }

  private void theory(Cell cell) {
    Optional<Observation> longest =
        cell.seeds().stream()
            .filter(o -> o.curve().size() > 1)
            .max((a, b) -> Double.compare(a.lastStep(), b.lastStep()));
    if (plot.theory().isPresent() && longest.isPresent()) {
      double[] steps = longest.get().curve().steps();
      double[] values =
          TheoryCurves.over(plot.theory().get(), cell.condition().config(), plot.y(), steps);
      int from = logX && steps[0] == 0 ? 1 : 0;
      double[] x = java.util.Arrays.copyOfRange(steps, from, steps.length);
      double[] y = java.util.Arrays.copyOfRange(values, from, values.length);
      marks.add(new Layer.Line(x, y, coloring.ofCell(cell), LineStyle.DASHED, 1.2));
    }
  }

  private Legend legend() {
    List<Legend.Entry> entries = new ArrayList<>();
    if (coloring.tells()) {
      coloring.groups().values().forEach(g -> entries.add(g.line()));
    }
    plot.theory()
        .ifPresent(
            t ->
                entries.add(
                    Legend.Entry.line(Names.theory(t), Palette.REFERENCE, LineStyle.DASHED)));
    plot.mark()
        .forEach(
            m ->
                entries.add(
                    Legend.Entry.marker(
                        RichText.plain(m.replace('_', ' ')), Palette.REFERENCE, Marker.DIAMOND)));
    return new Legend(coloring.tells() ? coloring.title() : RichText.EMPTY, entries);
  }

  private List<String> notes(List<String> columns) {
    List<String> notes = new ArrayList<>();
    boolean recorded =
        cells.stream()
            .flatMap(c -> c.seeds().stream())
            .anyMatch(o -> columns.stream().anyMatch(o.curve()::has));
    boolean stored =
        cells.stream().flatMap(c -> c.seeds().stream()).anyMatch(o -> o.curve().size() > 0);
    if (stored && !recorded) {
      Set<String> known =
          cells.stream()
              .flatMap(c -> c.seeds().stream())
              .flatMap(o -> o.curve().columns().stream())
              .collect(Collectors.toCollection(LinkedHashSet::new));
      notes.add("'" + plot.y() + "' was not recorded; recorded: " + String.join(", ", known) + ".");
    }
    notes.addAll(PlotContext.lacking(cells, plot.mark().size() == 1 ? plot.mark().get(0) : ""));
    return notes;
  }
}
