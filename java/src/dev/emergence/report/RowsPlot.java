package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.measure.Emergence;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.Legend;
import dev.emergence.report.chart.Mark;
import dev.emergence.report.chart.Marker;
import dev.emergence.report.chart.Palette;
import dev.emergence.report.chart.Panel;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.GridPlots.Rows;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.PlotSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One line over training for each recorded column that a pattern names, for all seeds. */
final class RowsPlot {
  private final Rows plot;
  private final PlotContext context;
  private final Pattern pattern;

  RowsPlot(Rows plot, PlotContext context) {
    this.plot = plot;
    this.context = context;
    this.pattern = Metrics.starred(plot.y());
  }

  Figure figure() {
    List<Cell> cells = context.cells(plot);
    if (cells.isEmpty()) {
      return Plots.note("No condition is left by where and select.");
    }
    Cell cell = cells.get(0);
    List<String> columns =
        cell.seeds().stream()
            .flatMap(o -> o.curve().columns().stream())
            .distinct()
            .filter(c -> pattern.matcher(c).matches())
            .toList();
    List<Mark> marks = Palette.series(columns.size(), true, context.theme().colors());
    List<Layer> lines = new ArrayList<>();
    List<Layer> signs = new ArrayList<>();
    List<Legend.Entry> entries = new ArrayList<>();
    for (int k = 0; k < columns.size(); k++) {
      Mark mark = marks.get(k);
      RichText name = context.value(plot.look(), star(columns.get(k)));
      entries.add(Legend.Entry.line(name, mark.color(), mark.line()));
      for (Observation run : cell.seeds()) {
        draw(cell, run, columns.get(k), mark, lines, signs);
      }
    }
    if (!signs.isEmpty()) {
      Mark mark = Mark.of(Palette.REFERENCE, Marker.DIAMOND);
      entries.add(Legend.Entry.sign(RichText.plain("emergence"), mark));
    }
    Panel panel = panel(cell, cells.size()).with(lines).with(signs);
    panel = panel.with(new Legend(RichText.plain(title()), entries));
    return Figure.of(columns.isEmpty() ? panel.noting(notRecorded(cell)) : panel);
  }

  private Panel panel(Cell cell, int conditions) {
    RichText time = RichText.plain(Names.time(cell.condition().config()));
    RichText metric = Names.metric(plot.y().replace(".*", ""));
    Panel panel =
        Panel.of(
                PlotContext.axis(
                    PlotContext.label(plot.look().labels().x(), time),
                    plot.scale().x(),
                    plot.limits().x()),
                PlotContext.axis(
                    PlotContext.label(plot.look().labels().y(), metric),
                    plot.scale().y(),
                    plot.limits().y()))
            .noting("A line for each column and run; " + PlotContext.seeds(List.of(cell)) + ".");
    String condition = context.names().condition(cell, Set.of()).typeset();
    return conditions > 1
        ? panel.noting("Drawn is the first of " + conditions + " conditions: " + condition + ".")
        : panel;
  }

  private String title() {
    String[] parts = plot.y().split("\\.");
    for (int k = 1; k < parts.length; k++) {
      if (parts[k].equals("*")) {
        return parts[k - 1].equals("*") ? "layer, head" : parts[k - 1].replace('_', ' ');
      }
    }
    return "";
  }

  /** What the stars stand for: {@code 3}, or {@code 1.2}. */
  private String star(String column) {
    Matcher m = pattern.matcher(column);
    List<String> parts = new ArrayList<>();
    for (int k = 1; m.matches() && k <= m.groupCount(); k++) {
      parts.add(m.group(k));
    }
    return String.join(".", parts);
  }

  private static String notRecorded(Cell cell) {
    return cell.seeds().stream().allMatch(o -> o.stored().isEmpty())
        ? "No run that this plot asks for has been done."
        : "No recorded column is like this.";
  }

  private void draw(
      Cell cell, Observation run, String column, Mark mark, List<Layer> lines, List<Layer> signs) {
    if (!run.curve().has(column)) {
      return;
    }
    Series s = Series.of(run, column, plot.scale().x() == PlotSpec.Scale.LOG);
    lines.add(new Layer.Line(s.x(), s.y(), mark.color(), mark.line(), 1.2));
    OptionalDouble emergence = emergence(run, column, s);
    for (int i = 0; i < s.x().length; i++) {
      Map<String, Object> row = new LinkedHashMap<>(PlotContext.columns(cell));
      row.put("seed", run.seed());
      row.put("column", column);
      row.put("x", s.x()[i]);
      row.put("value", s.y()[i]);
      row.put("emergence", emergence.orElse(Double.NaN));
      context.data().row(row);
    }
    emergence.ifPresent(
        at ->
            signs.add(
                Layer.Points.plain(
                    new double[] {at}, new double[] {s.at(at)}, mark.with(Marker.DIAMOND))));
  }

  /** By a threshold of the file on this column, else by the plot's own level. */
  private OptionalDouble emergence(Observation run, String column, Series series) {
    for (Map.Entry<String, Threshold> t : run.thresholds().entrySet()) {
      if (t.getValue().metric().equals(column)) {
        return run.emergence(t.getKey()) instanceof Emergence.Reached r
            ? OptionalDouble.of(r.step())
            : OptionalDouble.empty();
      }
    }
    for (int i = 0; i < series.x().length && plot.below() > 0; i++) {
      if (series.y()[i] < plot.below()) {
        return OptionalDouble.of(series.x()[i]);
      }
    }
    return OptionalDouble.empty();
  }
}
