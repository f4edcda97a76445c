package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.FitReport;
import dev.emergence.analysis.Law;
import dev.emergence.analysis.Observation;
import dev.emergence.analysis.Summary;
import dev.emergence.report.chart.Axis;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.Legend;
import dev.emergence.report.chart.LineStyle;
import dev.emergence.report.chart.Mark;
import dev.emergence.report.chart.Marker;
import dev.emergence.report.chart.Palette;
import dev.emergence.report.chart.Panel;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.Condition;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.expr.Paths;
import dev.emergence.theory.Forecast;
import dev.emergence.theory.Prediction;
import dev.emergence.theory.TheoryCurves;
import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * A measured number against a swept value: means over seeds with error bars, the law or the means
 * as lines, predictions dashed.
 *
 * <p>A condition with unreached seeds also has a hollow triangle at its last step; its mean is of
 * the others, and the note says so.
 */
final class ScalingPlot {
  private static final String MEANS = "mean";
  private static final int MOST_TICKS = 8;
  private static final int LINE_POINTS = 60;

  /**
   * Loss of the linear regression before anything is learned, in absolute thresholds of the theory.
   */
  private static final double INITIAL_LOSS = 0.5;

  private final PlotSpec.Scaling plot;
  private final PlotContext context;
  private final List<Cell> cells;
  private final Coloring coloring;
  private final List<Layer> lines = new ArrayList<>();
  private final List<Layer> points = new ArrayList<>();
  private final List<Legend.Entry> extra = new ArrayList<>();

  ScalingPlot(PlotSpec.Scaling plot, PlotContext context) {
    this.plot = plot;
    this.context = context;
    this.cells = context.cells(plot).stream().filter(c -> !Double.isNaN(x(c.condition()))).toList();
    this.coloring = Coloring.of(cells, plot.color(), context.names(), context.analysis().symbols());
  }

  Figure figure() {
    Map<Coloring.Group, List<Cell>> groups = new LinkedHashMap<>();
    coloring.groups().values().forEach(g -> groups.put(g, new ArrayList<>()));
    cells.forEach(c -> groups.get(coloring.group(c, c.seeds().get(0))).add(c));
    boolean single = plot.color().isEmpty();
    if (single) {
      List<Cell> all = new ArrayList<>(cells);
      groups.clear();
      groups.put(
          new Coloring.Group(Palette.series(1, true, List.of()).get(0), RichText.EMPTY), all);
    }
    groups.forEach((group, members) -> group(members, group.mark()));
    boolean anyCensored = cells.stream().anyMatch(c -> c.summary(plot.y()).censored() > 0);
    if (anyCensored) {
      extra.add(
          Legend.Entry.marker(
              RichText.plain("not reached by this step"), Palette.REFERENCE, Marker.AT_LEAST));
    }
    Panel panel = Panel.of(xAxis(), yAxis()).with(lines).with(points).with(legend(groups, single));
    for (String note : notes()) {
      panel = panel.noting(note);
    }
    return Figure.of(panel);
  }

  private double x(Condition condition) {
    return context
        .analysis()
        .symbols()
        .value(plot.x(), condition.config())
        .flatMap(Paths::number)
        .orElse(Double.NaN);
  }

  private Axis xAxis() {
    List<Double> values = cells.stream().map(c -> x(c.condition())).distinct().sorted().toList();
    Axis axis = PlotContext.axis(context.names().of(plot.x()), plot.scale().x(), plot.limits().x());
    return values.size() <= MOST_TICKS && plot.limits().x().isEmpty()
        ? axis.withTicks(values)
        : axis;
  }

  private Axis yAxis() {
    RunConfig any =
        cells.isEmpty()
            ? context.analysis().experiment().base()
            : cells.get(0).condition().config();
    return PlotContext.axis(Names.column(plot.y(), any), plot.scale().y(), plot.limits().y());
  }

  private void group(List<Cell> members, Mark mark) {
    Color color = mark.color();
    means(members, mark);
    Optional<FitReport> fit = Optional.ofNullable(context.analysis().fits().get(plot.line()));
    fit.flatMap(FitReport::law).ifPresent(law -> law(law, members, color, LineStyle.SOLID));
    fit.flatMap(FitReport::published).ifPresent(law -> law(law, members, color, LineStyle.DOTTED));
    plot.theory()
        .map(Prediction::named)
        .ifPresent(p -> dashed(members, c -> predicted(p, c), color));
  }

  private void means(List<Cell> members, Mark mark) {
    Color color = mark.color();
    List<double[]> rows = new ArrayList<>();
    List<double[]> limits = new ArrayList<>();
    for (Cell cell : members) {
      Summary s = cell.summary(plot.y());
      double x = x(cell.condition());
      if (s.known() > 0) {
        double[] bar = bar(s);
        rows.add(new double[] {x, s.mean(), bar[0], bar[1]});
      }
      if (s.censored() > 0) {
        limits.add(new double[] {x, s.limit()});
      }
    }
    rows.sort((a, b) -> Double.compare(a[0], b[0]));
    if (plot.line().equals(MEANS)) {
      joined(rows, color);
    }
    points.add(
        new Layer.Points(
            column(rows, 0), column(rows, 1), column(rows, 2), column(rows, 3), mark, List.of()));
    points.add(Layer.Points.plain(column(limits, 0), column(limits, 1), color, Marker.AT_LEAST));
  }

  /** Where several conditions share a place, the line goes through their mean. */
  private void joined(List<double[]> rows, Color color) {
    TreeMap<Double, List<Double>> byX = new TreeMap<>();
    rows.forEach(r -> byX.computeIfAbsent(r[0], x -> new ArrayList<>()).add(r[1]));
    double[] x = byX.keySet().stream().mapToDouble(v -> v).toArray();
    double[] y =
        byX.values().stream()
            .mapToDouble(v -> v.stream().mapToDouble(d -> d).average().orElse(Double.NaN))
            .toArray();
    lines.add(new Layer.Line(x, y, color, LineStyle.SOLID, 1.5));
  }

  private double[] bar(Summary s) {
    return switch (plot.error()) {
      case NONE -> new double[] {Double.NaN, Double.NaN};
      case STD -> new double[] {s.mean() - s.std(), s.mean() + s.std()};
      case SEM -> new double[] {s.mean() - s.sem(), s.mean() + s.sem()};
      case RANGE -> new double[] {s.min(), s.max()};
    };
  }

  private static double[] column(List<double[]> rows, int k) {
    return rows.stream().mapToDouble(r -> r[k]).toArray();
  }

  /**
   * A law between the smallest and largest x of a group, for each setting of what else it depends
   * on.
   */
  private void law(Law law, List<Cell> members, Color color, LineStyle style) {
    double[] xs = members.stream().mapToDouble(c -> x(c.condition())).sorted().toArray();
    if (xs.length == 0) {
      return;
    }
    double low = xs[0];
    double high = xs[xs.length - 1];
    boolean log = plot.scale().x() == PlotSpec.Scale.LOG && low > 0;
    String path = context.analysis().symbols().path(plot.x()).orElse(plot.x());
    List<double[]> drawn = new ArrayList<>();
    for (Cell cell : members) {
      double[] x = new double[LINE_POINTS];
      double[] y = new double[LINE_POINTS];
      for (int i = 0; i < x.length; i++) {
        double share = i / (x.length - 1.0);
        x[i] = log ? low * Math.pow(high / low, share) : low + share * (high - low);
        y[i] = law.at(cell.condition(), Map.of(path, x[i]));
      }
      if (drawn.stream().noneMatch(other -> java.util.Arrays.equals(other, y))) {
        drawn.add(y);
        lines.add(new Layer.Line(x, y, color, style, style == LineStyle.SOLID ? 1.5 : 1.2));
      }
    }
  }

  private void dashed(List<Cell> members, ToDoubleFunction<Condition> prediction, Color color) {
    TreeMap<Double, Double> byX = new TreeMap<>();
    members.forEach(c -> byX.put(x(c.condition()), prediction.applyAsDouble(c.condition())));
    double[] x = byX.keySet().stream().mapToDouble(v -> v).toArray();
    double[] y = byX.values().stream().mapToDouble(v -> v).toArray();
    lines.add(new Layer.Line(x, y, color, LineStyle.DASHED, 1.2));
  }

  private double predicted(Prediction prediction, Condition condition) {
    RunConfig config = condition.config();
    return prediction.time(config, share(config)) / TheoryCurves.timeOfStep(config);
  }

  /** The loss at the plotted threshold over the initial one. */
  private double share(RunConfig config) {
    Optional<Threshold> threshold =
        Observation.thresholdOf(plot.y()).map(config.measurement().thresholds()::get);
    return threshold
        .filter(t -> t.metric().endsWith(".loss") && t.below().isPresent())
        .map(t -> t.below().get() / (t.relativeTo() == Relative.INITIAL ? 1 : INITIAL_LOSS))
        .filter(s -> s > 0 && s < 1)
        .orElseGet(() -> Forecast.share(config.measurement()));
  }

  private Legend legend(Map<Coloring.Group, List<Cell>> groups, boolean single) {
    List<Legend.Entry> entries = new ArrayList<>();
    boolean hasLine =
        plot.line().equals(MEANS)
            || Optional.ofNullable(context.analysis().fits().get(plot.line()))
                .flatMap(FitReport::law)
                .isPresent();
    if (!single) {
      groups
          .keySet()
          .forEach(
              g ->
                  entries.add(
                      hasLine
                          ? Legend.Entry.both(g.label(), g.mark())
                          : Legend.Entry.sign(g.label(), g.mark())));
    }
    Optional<FitReport> fit = Optional.ofNullable(context.analysis().fits().get(plot.line()));
    fit.flatMap(FitReport::published)
        .ifPresent(
            p ->
                entries.add(
                    Legend.Entry.line(
                        RichText.plain("published law"), Palette.REFERENCE, LineStyle.DOTTED)));
    plot.theory()
        .ifPresent(
            t ->
                entries.add(
                    Legend.Entry.line(Names.theory(t), Palette.REFERENCE, LineStyle.DASHED)));
    entries.addAll(extra);
    return new Legend(single ? RichText.EMPTY : coloring.title(), entries);
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    FitReport fit = context.analysis().fits().get(plot.line());
    if (fit != null) {
      notes.add("Lines: " + Laws.sentence(plot.line(), fit) + ".");
    }
    notes.addAll(PlotContext.lacking(cells, Observation.thresholdOf(plot.y()).orElse("")));
    return notes;
  }
}
