package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.analysis.Value;
import dev.emergence.fit.KaplanMeier;
import dev.emergence.report.chart.Axis;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.Legend;
import dev.emergence.report.chart.Mark;
import dev.emergence.report.chart.Marker;
import dev.emergence.report.chart.Palette;
import dev.emergence.report.chart.Panel;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.ComparisonPlots.Hazard;
import dev.emergence.spec.ComparisonPlots.Survival;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.expr.Symbols;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The share of runs that has not yet emerged, by Kaplan and Meier, with pointwise bands. A run that
 * was stopped before counts as far as it went, one that diverged will never emerge and stays; one
 * that failed or is missing says nothing.
 */
final class HazardPlot {
  private final Hazard plot;
  private final PlotContext context;
  private final List<Cell> cells;
  private final Coloring coloring;
  private final double end;

  /** Whether any run ended without emergence. */
  private final boolean open;

  HazardPlot(Hazard plot, PlotContext context) {
    this.plot = plot;
    this.context = context;
    this.cells = context.cells(plot);
    this.coloring = Coloring.of(cells, plot.color(), plot.facets(), context, plot.look());
    this.end =
        cells.stream()
            .flatMap(c -> c.seeds().stream())
            .mapToDouble(Observation::lastStep)
            .max()
            .orElse(1);
    List<Value> all = new ArrayList<>();
    cells.forEach(cell -> cell.seeds().forEach(run -> wait(run, all)));
    this.open = all.stream().anyMatch(Value::censored);
  }

  Figure figure() {
    return new Multiples(plot.look(), plot.facets(), context).figure(cells, this::panel);
  }

  private Panel panel(List<Cell> here) {
    List<Cell> some = Pooled.once(here, plot.threshold(), coloring::group);
    List<Layer> bands = new ArrayList<>();
    List<Layer> lines = new ArrayList<>();
    Map<Coloring.Group, List<Value>> waits = new LinkedHashMap<>();
    Map<Coloring.Group, Map<String, Object>> told = new LinkedHashMap<>();
    coloring.groups().values().forEach(g -> waits.put(g, new ArrayList<>()));
    for (Cell cell : some) {
      for (Observation run : cell.seeds()) {
        Coloring.Group group = coloring.group(cell, run);
        wait(run, waits.get(group));
        told.computeIfAbsent(group, g -> columns(cell, run));
      }
    }
    waits.forEach(
        (group, all) -> {
          if (!all.isEmpty()) {
            curve(group, all, told.get(group), bands, lines);
          }
        });
    bands.addAll(lines);
    Panel panel = Panel.of(xAxis(), yAxis()).with(bands).with(legend());
    for (String note : notes(some, waits)) {
      panel = panel.noting(note);
    }
    return panel;
  }

  private void wait(Observation run, List<Value> to) {
    if (!run.thresholds().containsKey(plot.threshold())) {
      return;
    }
    run.waited(plot.threshold()).ifPresent(to::add);
  }

  /** The settings that tell a curve from the others, by path: those of its panel and its colour. */
  private Map<String, Object> columns(Cell cell, Observation run) {
    Symbols symbols = context.analysis().symbols();
    Map<String, Object> out = new LinkedHashMap<>();
    Stream.of(plot.facets().rows(), plot.facets().columns(), plot.color())
        .flatMap(Optional::stream)
        .forEach(
            name ->
                out.put(symbols.path(name).orElse(name), Coloring.value(name, cell, run, symbols)));
    return out;
  }

  private void curve(
      Coloring.Group group,
      List<Value> all,
      Map<String, Object> told,
      List<Layer> bands,
      List<Layer> lines) {
    double[] times = all.stream().mapToDouble(Value::number).toArray();
    boolean[] open = new boolean[times.length];
    for (int i = 0; i < open.length; i++) {
      open[i] = all.get(i).censored();
    }
    KaplanMeier km = KaplanMeier.of(times, open);
    double start = plot.scale() == PlotSpec.Scale.LOG ? firstTime() : 0;
    List<double[]> corners = new ArrayList<>();
    List<KaplanMeier.Band> ends = km.band(plot.level());
    int before = ends.size() - km.steps().size();
    double share = 1;
    for (int i = 0; i < ends.size(); i++) {
      KaplanMeier.Band band = ends.get(i);
      double time = Math.max(band.time(), start);
      if (i > 0) {
        double[] last = corners.get(corners.size() - 1);
        corners.add(new double[] {time, last[1], last[2], last[3]});
      }
      if (i >= before) {
        share = km.steps().get(i - before).share();
        context.data().row(row(told, group, share, band, times.length));
      }
      corners.add(new double[] {time, share, band.lower(), band.upper()});
    }
    double[] last = corners.get(corners.size() - 1);
    corners.add(new double[] {Math.max(end, last[0]), last[1], last[2], last[3]});
    draw(group, corners, bands, lines);
    ticks(group, all, km, lines);
  }

  private Map<String, Object> row(
      Map<String, Object> told,
      Coloring.Group group,
      double share,
      KaplanMeier.Band band,
      int runs) {
    Map<String, Object> row = new LinkedHashMap<>(told);
    row.put("series", group.label().typeset());
    double[] ends = {shown(band.lower()), shown(band.upper())};
    row.put("time", band.time());
    row.put(plot.show().name().toLowerCase(Locale.ROOT), shown(share));
    row.put("lower", Math.min(ends[0], ends[1]));
    row.put("upper", Math.max(ends[0], ends[1]));
    row.put("runs", runs);
    return row;
  }

  private double firstTime() {
    return cells.stream()
        .map(c -> c.summary(plot.threshold() + ".steps").min())
        .filter(v -> v > 0)
        .min(Double::compare)
        .map(v -> v / 2)
        .orElse(1.0);
  }

  private double shown(double share) {
    return switch (plot.show()) {
      case WAITING -> share;
      case EMERGED -> 1 - share;
      case HAZARD -> share > 0 ? -Math.log(share) + 0.0 : Double.NaN;
    };
  }

  private void draw(
      Coloring.Group group, List<double[]> corners, List<Layer> bands, List<Layer> lines) {
    double[] x = corners.stream().mapToDouble(c -> c[0]).toArray();
    double[] y = corners.stream().mapToDouble(c -> shown(c[1])).toArray();
    double[] a = corners.stream().mapToDouble(c -> shown(c[2])).toArray();
    // A hazard of which nothing is left has no end.
    double[] b =
        corners.stream()
            .mapToDouble(c -> Double.isNaN(shown(c[2])) ? Double.NaN : shown(c[3]))
            .toArray();
    bands.add(new Layer.Band(x, a, b, group.color()));
    lines.add(new Layer.Line(x, y, group.color(), group.mark().line(), 1.6));
  }

  /** Where a run ended without emergence. */
  private void ticks(Coloring.Group group, List<Value> all, KaplanMeier km, List<Layer> lines) {
    List<double[]> at = new ArrayList<>();
    for (Value wait : all) {
      if (wait.censored()) {
        double time = Math.min(wait.number(), end);
        double share = 1;
        for (KaplanMeier.Step step : km.steps()) {
          share = step.time() <= time ? step.share() : share;
        }
        at.add(new double[] {time, shown(share)});
      }
    }
    lines.add(
        Layer.Points.plain(
            at.stream().mapToDouble(p -> p[0]).toArray(),
            at.stream().mapToDouble(p -> p[1]).toArray(),
            group.color(),
            Marker.TICK));
  }

  private Axis xAxis() {
    RunConfig any =
        cells.isEmpty()
            ? context.analysis().experiment().base()
            : cells.get(0).condition().config();
    RichText label = PlotContext.label(plot.look().labels().x(), RichText.plain(Names.time(any)));
    return PlotContext.axis(label, plot.scale(), plot.limits().x());
  }

  private Axis yAxis() {
    String name = plot.threshold().replace('_', ' ');
    String ours =
        switch (plot.show()) {
          case WAITING -> "share of runs before " + name;
          case EMERGED -> "share of runs past " + name;
          case HAZARD -> "cumulative hazard of " + name;
        };
    RichText label = PlotContext.label(plot.look().labels().y(), RichText.plain(ours));
    Axis axis = PlotContext.axis(label, PlotSpec.Scale.LINEAR, plot.limits().y());
    boolean share = plot.show() != Survival.HAZARD && plot.limits().y().isEmpty();
    return share ? axis.between(0, 1.02) : axis;
  }

  private Legend legend() {
    List<Legend.Entry> entries = new ArrayList<>(coloring.lines());
    if (open) {
      Mark tick = Mark.of(Palette.REFERENCE, Marker.TICK);
      entries.add(Legend.Entry.sign(RichText.plain("run ended before"), tick));
    }
    return new Legend(coloring.tells() ? coloring.title() : RichText.EMPTY, entries);
  }

  private static String runs(Map<Coloring.Group, List<Value>> waits) {
    List<Integer> counts =
        waits.values().stream().map(List::size).filter(n -> n > 0).distinct().sorted().toList();
    int most = counts.isEmpty() ? 0 : counts.get(counts.size() - 1);
    String number = counts.size() > 1 ? counts.get(0) + " to " + most : "" + most;
    return number + (most == 1 ? " run" : " runs") + " each";
  }

  private List<String> notes(List<Cell> some, Map<Coloring.Group, List<Value>> waits) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "Kaplan-Meier curves of "
            + runs(waits)
            + "; bands: "
            + Laws.percent(plot.level())
            + " intervals by Greenwood's variance on the scale log(-log), and by Clopper and"
            + " Pearson where all runs or none wait.");
    notes.addAll(PlotContext.coarse(some, plot.threshold() + ".steps"));
    notes.addAll(PlotContext.lacking(some, plot.threshold()));
    return notes;
  }
}
