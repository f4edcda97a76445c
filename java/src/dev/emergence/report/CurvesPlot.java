package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.measure.Emergence;
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
import dev.emergence.theory.TheoryCurves;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A metric over training: a line for each run, or the mean or median of each condition with a band.
 * Crossings come at other steps in other seeds, and a mean of cliffs is no cliff; over step /
 * emergence, cliffs coincide.
 *
 * <p>An attention metric without layer and head ({@code attention.relevant}) is drawn for all of
 * them, by layer when nothing else has a colour.
 */
final class CurvesPlot {
  private final PlotSpec.LearningCurves plot;
  private final PlotContext context;
  private final List<Cell> cells;
  private final List<String> columns;
  private final Coloring coloring;
  private final LevelLines known;
  private final boolean byLayer;
  private final PlotSpec.Curves show;
  private final boolean logX;

  CurvesPlot(PlotSpec.LearningCurves plot, PlotContext context) {
    this.plot = plot;
    this.context = context;
    this.cells = context.cells(plot);
    this.coloring = Coloring.of(cells, plot.color(), plot.facets(), context, plot.look());
    this.known = new LevelLines(plot.levels(), plot.y(), context.levels());
    this.columns = Heads.columns(plot.y(), cells);
    // The mean of a seed that stands by itself is the run.
    boolean bySeed = Seeds.areApart(plot.color(), plot.facets().rows(), plot.facets().columns());
    this.show = bySeed ? PlotSpec.Curves.RUNS : plot.show();
    this.byLayer = columns.size() > 1 && !coloring.tells();
    this.logX = plot.scale().x() == PlotSpec.Scale.LOG;
  }

  Figure figure() {
    return new Multiples(plot.look(), plot.facets(), context).figure(cells, this::panel);
  }

  private Panel panel(List<Cell> some) {
    List<Layer> bands = new ArrayList<>();
    List<Layer> lines = new ArrayList<>();
    List<Layer> theory = new ArrayList<>();
    CurveMarks marks = marks();
    int runs = some.stream().mapToInt(c -> c.seeds().size()).sum() * Math.max(1, columns.size());
    boolean middles = show != PlotSpec.Curves.RUNS;
    for (Cell cell : some) {
      for (String column : columns) {
        List<Series> seeds = new ArrayList<>();
        for (Observation run : cell.seeds()) {
          Optional<Series> series = series(run, column);
          series.ifPresent(seeds::add);
          if (!middles && series.isPresent()) {
            lines.add(line(series.get(), color(cell, run, column), style(cell, run), runs));
            rows(cell, run, column, series.get());
          }
          series.ifPresent(s -> marks.add(run, s, color(cell, run, column)));
        }
        if (middles) {
          middle(cell, column, seeds, bands, lines);
        }
      }
      theory(cell, theory);
    }
    List<Layer> all = new ArrayList<>(marks.levels());
    all.addAll(known.across(some, context.data()));
    all.addAll(bands);
    all.addAll(lines);
    all.addAll(theory);
    all.addAll(marks.signs());
    Panel panel = Panel.of(xAxis(), yAxis()).with(all).with(legend());
    for (String note : notes(some)) {
      panel = panel.noting(note);
    }
    return panel;
  }

  private CurveMarks marks() {
    return new CurveMarks(plot, show == PlotSpec.Curves.RUNS);
  }

  private Color color(Cell cell, Observation run, String column) {
    return byLayer ? Heads.color(column, columns) : coloring.group(cell, run).color();
  }

  private LineStyle style(Cell cell, Observation run) {
    return byLayer ? LineStyle.SOLID : coloring.group(cell, run).mark().line();
  }

  private RunConfig anyConfig() {
    return cells.isEmpty()
        ? context.analysis().experiment().base()
        : cells.get(0).condition().config();
  }

  private Axis xAxis() {
    String time = Names.time(anyConfig());
    RichText ours =
        RichText.plain(
            plot.align()
                .map(t -> time + " / " + t.replace('_', ' ') + " (" + time + ")")
                .orElse(time));
    RichText label = PlotContext.label(plot.look().labels().x(), ours);
    return PlotContext.axis(label, plot.scale().x(), plot.limits().x());
  }

  private Axis yAxis() {
    RichText label =
        PlotContext.label(plot.look().labels().y(), Names.metric(plot.y(), columns.size()));
    return PlotContext.axis(label, plot.scale().y(), plot.limits().y());
  }

  /** A run's column, over step / emergence where that was asked for and the run emerged. */
  private Optional<Series> series(Observation run, String column) {
    if (!run.curve().has(column)) {
      return Optional.empty();
    }
    Series series = Series.of(run, column, logX);
    if (plot.align().isEmpty()) {
      return Optional.of(series);
    }
    return run.thresholds().containsKey(plot.align().get())
            && run.emergence(plot.align().get()) instanceof Emergence.Reached reached
            && reached.step() > 0
        ? Optional.of(series.over(reached.step()))
        : Optional.empty();
  }

  private static Layer.Line line(Series series, Color color, LineStyle style, int runs) {
    Layer.Line line = series.line(color, runs);
    return new Layer.Line(line.x(), line.y(), line.color(), style, line.width());
  }

  private void rows(Cell cell, Observation run, String column, Series series) {
    for (int i = 0; i < series.x().length; i++) {
      Map<String, Object> row = new LinkedHashMap<>(PlotContext.columns(cell));
      row.put("seed", run.seed());
      row.put("metric", column);
      row.put("x", series.x()[i]);
      row.put("value", series.y()[i]);
      context.data().row(row);
    }
  }

  private void middle(
      Cell cell, String column, List<Series> seeds, List<Layer> bands, List<Layer> lines) {
    CurveMiddle middle = CurveMiddle.of(seeds, plot.show(), plot.band(), plot.align().isPresent());
    Observation first = cell.seeds().get(0);
    Color color = color(cell, first, column);
    if (plot.band() != PlotSpec.Band.NONE && seeds.size() > 1) {
      bands.add(new Layer.Band(middle.x(), middle.lower(), middle.upper(), color));
    }
    lines.add(new Layer.Line(middle.x(), middle.y(), color, style(cell, first), 1.5));
    for (int i = 0; i < middle.x().length; i++) {
      Map<String, Object> row = new LinkedHashMap<>(PlotContext.columns(cell));
      row.put("metric", column);
      row.put("x", middle.x()[i]);
      row.put("middle", middle.y()[i]);
      row.put("lower", middle.lower()[i]);
      row.put("upper", middle.upper()[i]);
      row.put("seeds", middle.n()[i]);
      context.data().row(row);
    }
  }

  private void theory(Cell cell, List<Layer> lines) {
    Optional<Observation> longest =
        cell.seeds().stream()
            .filter(o -> o.curve().size() > 1)
            .max((a, b) -> Double.compare(a.lastStep(), b.lastStep()));
    if (plot.theory().isPresent() && longest.isPresent() && plot.align().isEmpty()) {
      double[] steps = longest.get().curve().steps();
      double[] values =
          TheoryCurves.over(plot.theory().get(), cell.condition().config(), plot.y(), steps);
      int from = logX && steps[0] == 0 ? 1 : 0;
      double[] x = Arrays.copyOfRange(steps, from, steps.length);
      double[] y = Arrays.copyOfRange(values, from, values.length);
      lines.add(new Layer.Line(x, y, coloring.ofCell(cell), LineStyle.DASHED, 1.2));
    }
  }

  private Legend legend() {
    RichText colors = coloring.tells() ? coloring.title() : RichText.EMPTY;
    Legend lines = byLayer ? Heads.legend(columns) : new Legend(colors, coloring.lines());
    List<Legend.Entry> entries = new ArrayList<>(lines.entries());
    plot.theory()
        .ifPresent(
            t ->
                entries.add(
                    Legend.Entry.line(Names.theory(t), Palette.REFERENCE, LineStyle.DASHED)));
    entries.addAll(marks().legend());
    return new Legend(lines.title(), entries);
  }

  private List<String> notes(List<Cell> some) {
    List<String> notes = new ArrayList<>();
    notes.add(CurveMiddle.sentence(plot, show, some));
    notes.addAll(PlotContext.unmeasured(some, columns));
    notes.addAll(CurveNotes.leftOut(plot.align(), some));
    notes.addAll(known.notes(some));
    notes.addAll(PlotContext.lacking(some, plot.mark().size() == 1 ? plot.mark().get(0) : ""));
    return notes;
  }
}
