package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Center;
import dev.emergence.analysis.FitReport;
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
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.expr.Paths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A measured number against a swept value: middles over seeds with error bars, the law or the
 * middles as lines, predictions dashed.
 *
 * <p>A condition in which seeds are lacking has a hollow sign at its median by Kaplan and Meier,
 * with its count beside it, or a triangle at its last step.
 */
final class ScalingPlot {
  static final String MEANS = "mean";
  private static final int MOST_TICKS = 8;

  private final PlotSpec.Scaling plot;
  private final PlotContext context;
  private final List<Cell> cells;
  private final Coloring coloring;
  private final LevelLines known;
  private final boolean log;

  ScalingPlot(PlotSpec.Scaling plot, PlotContext context) {
    this.plot = plot;
    this.context = context;
    List<Cell> all =
        context.cells(plot).stream().filter(c -> !Double.isNaN(x(c.condition()))).toList();
    this.cells =
        Seeds.areApart(plot.color(), plot.facets().rows(), plot.facets().columns())
            ? Seeds.apart(all)
            : all;
    this.coloring =
        plot.color().isEmpty() ? single() : Coloring.of(cells, plot.color(), context, plot.look());
    this.log = plot.scale().y() == PlotSpec.Scale.LOG;
    this.known = new LevelLines(plot.levels(), plot.y(), context.levels());
  }

  /** One look for all conditions. */
  private Coloring single() {
    Mark mark = Palette.series(1, true, context.theme().colors()).get(0);
    return new Coloring(
        RichText.EMPTY, Map.of("", new Coloring.Group(mark, RichText.EMPTY)), (c, run) -> "");
  }

  Figure figure() {
    return new Multiples(plot.look(), plot.facets(), context).figure(cells, this::panel);
  }

  private Panel panel(List<Cell> some) {
    ScalingLayers layers = new ScalingLayers(plot, context, this::x);
    Map<Coloring.Group, List<Cell>> groups = new LinkedHashMap<>();
    coloring.groups().values().forEach(g -> groups.put(g, new ArrayList<>()));
    some.forEach(c -> groups.get(coloring.group(c)).add(c));
    groups.forEach((group, members) -> layers.add(members, group.mark()));
    List<Layer> all = known.along(Seeds.together(some), c -> x(c.condition()), context.data());
    all.addAll(Marks.withoutCommon(layers.all(), some.stream().map(this::center).toList()));
    Panel panel = Panel.of(xAxis(), yAxis()).with(all).with(legend());
    for (String note : notes(some)) {
      panel = panel.noting(note);
    }
    return panel;
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
    RichText label = PlotContext.label(plot.look().labels().x(), context.names().axis(plot.x()));
    Axis axis = PlotContext.axis(label, plot.scale().x(), plot.limits().x());
    return values.size() <= MOST_TICKS && plot.limits().x().isEmpty()
        ? axis.withTicks(values)
        : axis;
  }

  private Axis yAxis() {
    RunConfig any =
        cells.isEmpty()
            ? context.analysis().experiment().base()
            : cells.get(0).condition().config();
    RichText label = PlotContext.label(plot.look().labels().y(), Names.column(plot.y(), any));
    return PlotContext.axis(label, plot.scale().y(), plot.limits().y());
  }

  private Center center(Cell cell) {
    return Center.of(cell, plot.y(), plot.middle(), plot.error(), log);
  }

  private Legend legend() {
    List<Legend.Entry> entries = new ArrayList<>();
    Optional<FitReport> fit = Optional.ofNullable(context.analysis().fits().get(plot.line()));
    boolean hasLine = plot.line().equals(MEANS) || fit.flatMap(FitReport::law).isPresent();
    boolean single = plot.color().isEmpty();
    if (!single) {
      coloring
          .groups()
          .values()
          .forEach(
              g ->
                  entries.add(
                      hasLine
                          ? Legend.Entry.both(g.label(), g.mark())
                          : Legend.Entry.sign(g.label(), g.mark())));
    }
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
    for (String level : plot.levels()) {
      RichText words = RichText.plain(level.replace('_', ' '));
      entries.add(Legend.Entry.line(words, Palette.REFERENCE, LevelLines.style(level)));
    }
    List<Center> centers = cells.stream().map(this::center).toList();
    Mark neutral = Mark.of(Palette.REFERENCE, Marker.CIRCLE);
    if (centers.stream().anyMatch(c -> c.kind() == Center.Kind.SOME)) {
      entries.add(Legend.Entry.sign(RichText.plain("some seeds only"), neutral.asOutline()));
    }
    if (centers.stream().anyMatch(c -> c.kind() == Center.Kind.AT_LEAST)) {
      entries.add(
          Legend.Entry.sign(
              RichText.plain("not reached by this step"), neutral.with(Marker.AT_LEAST)));
    }
    return new Legend(single ? RichText.EMPTY : coloring.title(), entries);
  }

  private List<String> notes(List<Cell> some) {
    List<String> notes = new ArrayList<>();
    FitReport fit = context.analysis().fits().get(plot.line());
    if (fit != null) {
      notes.add("Lines: " + Laws.sentence(plot.line(), fit) + ".");
      if (plot.band() && fit.law().isPresent() && fit.law().get().hasBand()) {
        notes.add(
            "Bands: "
                + Laws.percent(fit.spec().interval().level())
                + " intervals of the law, leaving out each seed or point in turn.");
      }
    }
    List<Center> centers = some.stream().map(this::center).toList();
    notes.addAll(Marks.sentences("Dots", some, centers, plot.middle(), plot.error(), log));
    notes.addAll(Marks.withoutMiddle("dot", centers));
    notes.addAll(Marks.withoutBar(centers, plot.error(), log));
    if (plot.seeds()) {
      notes.add("Small dots: single seeds.");
    }
    notes.addAll(known.notes(Seeds.together(some)));
    hidden(some).ifPresent(notes::add);
    notes.addAll(PlotContext.coarse(some, plot.y()));
    notes.addAll(PlotContext.lackingOf(some, plot.y()));
    return notes;
  }

  /** What else varies among dots of one colour at one x. */
  private Optional<String> hidden(List<Cell> some) {
    Map<List<Object>, List<Cell>> places = new LinkedHashMap<>();
    for (Cell cell : some) {
      places
          .computeIfAbsent(
              List.of(x(cell.condition()), coloring.group(cell)), k -> new ArrayList<>())
          .add(cell);
    }
    Set<String> varying = new LinkedHashSet<>();
    for (List<Cell> same : places.values()) {
      for (Cell cell : same) {
        cell.condition()
            .values()
            .forEach(
                (path, value) -> {
                  if (!value.equals(same.get(0).condition().values().get(path))) {
                    varying.add(context.names().shortest(path));
                  }
                });
      }
    }
    String names = String.join(", ", varying);
    return varying.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "At one "
                + context.names().shortest(plot.x())
                + ", "
                + names
                + " takes several values too"
                + (plot.line().equals(MEANS) ? "; the line joins their mean." : "."));
  }
}
