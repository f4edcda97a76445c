package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Center;
import dev.emergence.analysis.Observation;
import dev.emergence.analysis.Value;
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
import dev.emergence.spec.ComparisonPlots.Categories;
import dev.emergence.spec.ComparisonPlots.EmergenceScatter;
import dev.emergence.spec.ComparisonPlots.Show;
import dev.emergence.spec.Look;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.RunConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A measured number against words. Every seed is drawn; seeds side by side where they would cover
 * one another, colours side by side in each word. A run without a value hangs hollow at its last
 * step.
 */
final class CategoriesPlot {
  /** Share of a word's room that its colours fill. */
  private static final double FILLED = 0.76;

  /** Least room of a word on the x axis. */
  private static final double WORD = 13;

  private final Categories plot;
  private final PlotContext context;
  private final boolean middles;
  private final List<Cell> cells;
  private final Coloring coloring;
  private final List<Object> words;
  private final boolean log;
  private final CategoryMiddles middle;

  CategoriesPlot(Categories plot, PlotContext context) {
    this(plot, context, true);
  }

  /** One dot a run at its emergence, without middles. */
  CategoriesPlot(EmergenceScatter plot, PlotContext context) {
    this(
        new Categories(
            plot.data(),
            plot.where(),
            plot.x(),
            plot.threshold() + ".steps",
            plot.color(),
            Show.STRIP,
            plot.scale(),
            PlotSpec.Middle.AUTO,
            PlotSpec.ErrorBar.NONE,
            plot.limits(),
            plot.facets(),
            plot.look()),
        context,
        false);
  }

  private CategoriesPlot(Categories plot, PlotContext context, boolean middles) {
    this.plot = plot;
    this.context = context;
    this.middles = middles;
    this.cells = context.cells(plot);
    this.log = plot.scale() == PlotSpec.Scale.LOG;
    this.middle = new CategoryMiddles(plot, log);
    this.coloring =
        plot.color().isEmpty() ? single() : Coloring.of(cells, plot.color(), context, plot.look());
    Set<Object> seen = new LinkedHashSet<>();
    cells.forEach(c -> c.seeds().forEach(o -> seen.add(word(c, o))));
    this.words = Ordering.of(plot.look().order()).sorted(List.copyOf(seen));
  }

  private Coloring single() {
    Mark mark = Palette.series(1, false, context.theme().colors()).get(0);
    return new Coloring(
        RichText.EMPTY, Map.of("", new Coloring.Group(mark, RichText.EMPTY)), (c, run) -> "");
  }

  private Object word(Cell cell, Observation run) {
    return Coloring.value(plot.x(), cell, run, context.analysis().symbols());
  }

  Figure figure() {
    return new Multiples(plot.look(), plot.facets(), context).figure(cells, this::panel);
  }

  private Panel panel(List<Cell> some) {
    List<Layer> below = new ArrayList<>();
    List<Layer> above = new ArrayList<>();
    List<Center> centers = new ArrayList<>();
    List<Cell> drawn = new ArrayList<>();
    List<Coloring.Group> groups = List.copyOf(coloring.groups().values());
    double room = FILLED / groups.size();
    for (int w = 0; w < words.size(); w++) {
      for (int g = 0; g < groups.size(); g++) {
        List<Cell> members = members(some, words.get(w), groups.get(g));
        double at = w - FILLED / 2 + (g + 0.5) * room;
        for (int k = 0; k < members.size(); k++) {
          double share = room / members.size();
          double place = at - room / 2 + (k + 0.5) * share;
          Mark mark = groups.get(g).mark();
          Center center = center(members.get(k));
          centers.add(center);
          drawn.add(members.get(k));
          single(members.get(k), place, share, mark, above);
          if (middles) {
            middle.draw(members.get(k), center, place, share, mark, below, above);
          }
        }
      }
    }
    if (!middles) {
      groups.forEach(group -> means(some, group, below));
    }
    below.addAll(Marks.withoutCommon(above, centers));
    Panel panel = Panel.of(xAxis(), yAxis()).with(below).with(legend());
    // Many words get room, so that each can be read.
    panel = panel.sized(Math.max(panel.width(), WORD * words.size()), panel.height());
    for (String note : notes(drawn, centers)) {
      panel = panel.noting(note);
    }
    return panel;
  }

  /** A line through the means over seeds, those that did not emerge at their last step. */
  private void means(List<Cell> some, Coloring.Group group, List<Layer> to) {
    String threshold = Observation.thresholdOf(plot.y()).orElseThrow();
    List<double[]> points = new ArrayList<>();
    for (int w = 0; w < words.size(); w++) {
      List<Cell> members =
          Pooled.once(members(some, words.get(w), group), threshold, (cell, run) -> "");
      double runs = members.stream().mapToInt(c -> c.seeds().size()).sum();
      double mean =
          members.stream()
                  .mapToDouble(c -> c.meanWithUnreachedAtEnd(threshold) * c.seeds().size())
                  .sum()
              / runs;
      if (!Double.isNaN(mean)) {
        points.add(new double[] {w, mean});
        Map<String, Object> row = PlotContext.columns(members.get(0));
        members.forEach(c -> row.entrySet().retainAll(PlotContext.columns(c).entrySet()));
        row.put("mean_unreached_at_end", mean);
        context.data().row(row);
      }
    }
    if (points.size() > 1) {
      double[] x = column(points, 0);
      double[] y = column(points, 1);
      to.add(new Layer.Line(x, y, group.mark().color(), LineStyle.DASHED, 1.0));
    }
  }

  /** Conditions of one word and colour, each with those of its seeds that belong there. */
  private List<Cell> members(List<Cell> some, Object word, Coloring.Group group) {
    List<Cell> out = new ArrayList<>();
    for (Cell cell : some) {
      List<Observation> runs =
          cell.seeds().stream()
              .filter(o -> word(cell, o).equals(word) && coloring.group(cell, o).equals(group))
              .toList();
      if (!runs.isEmpty()) {
        out.add(new Cell(cell.condition(), cell.index(), runs));
      }
    }
    return out;
  }

  private Center center(Cell cell) {
    return Center.of(cell, plot.y(), plot.middle(), plot.error(), log);
  }

  /** Every seed, evenly spread over the room, so that equal ones do not hide each other. */
  private void single(Cell cell, double place, double room, Mark mark, List<Layer> to) {
    List<double[]> known = new ArrayList<>();
    List<double[]> open = new ArrayList<>();
    int n = cell.seeds().size();
    for (int i = 0; i < n; i++) {
      double x = place + (n == 1 ? 0 : 0.6 * room * ((i + 0.5) / n - 0.5));
      Observation run = cell.seeds().get(i);
      Map<String, Object> row = new LinkedHashMap<>(PlotContext.columns(cell));
      row.put("seed", run.seed());
      if (run.value(plot.y()).isPresent()) {
        Value value = run.value(plot.y()).get();
        (value.censored() ? open : known).add(new double[] {x, value.number()});
        row.put("value", value.censored() ? Double.NaN : value.number());
        row.put("at_least", value.censored() ? value.number() : Double.NaN);
      } else {
        row.put(
            "state", String.valueOf(run.ended().orElse(null)).toLowerCase(java.util.Locale.ROOT));
      }
      context.data().row(row);
    }
    double size = middles ? 0.7 : 1;
    to.add(Layer.Points.plain(column(known, 0), column(known, 1), mark.sized(size)));
    to.add(
        Layer.Points.plain(
            column(open, 0), column(open, 1), mark.with(Marker.AT_LEAST).sized(size)));
  }

  private static double[] column(List<double[]> rows, int k) {
    return rows.stream().mapToDouble(r -> r[k]).toArray();
  }

  private Axis xAxis() {
    List<RichText> shown = context.values(plot.look(), List.copyOf(words));
    String name = plot.x();
    RichText ours = name.equals("variant") ? RichText.EMPTY : context.names().axis(name);
    return Axis.ofWords(PlotContext.label(plot.look().labels().x(), ours), shown);
  }

  private Axis yAxis() {
    RunConfig any =
        cells.isEmpty()
            ? context.analysis().experiment().base()
            : cells.get(0).condition().config();
    Look.Labels labels = plot.look().labels();
    return PlotContext.axis(
        PlotContext.label(labels.y(), Names.column(plot.y(), any)), plot.scale(), plot.limits());
  }

  private Legend legend() {
    List<Legend.Entry> entries = new ArrayList<>();
    if (!plot.color().isEmpty()) {
      coloring.groups().values().forEach(g -> entries.add(Legend.Entry.sign(g.label(), g.mark())));
    }
    boolean open =
        cells.stream().anyMatch(c -> c.values(plot.y()).stream().anyMatch(Value::censored));
    if (open) {
      Mark mark = Mark.of(Palette.REFERENCE, Marker.AT_LEAST);
      entries.add(Legend.Entry.sign(RichText.plain("not reached by this step"), mark));
    }
    return new Legend(plot.color().isEmpty() ? RichText.EMPTY : coloring.title(), entries);
  }

  private List<String> notes(List<Cell> drawn, List<Center> centers) {
    List<String> notes = new ArrayList<>();
    notes.add("A dot for each run; " + PlotContext.seeds(drawn) + " in each condition.");
    if (!middles && words.size() > 1) {
      notes.add("Dashed: the mean over runs, with those that did not emerge at their last step.");
    }
    if (middles) {
      notes.addAll(middle.notes(drawn, centers));
    }
    notes.addAll(PlotContext.coarse(drawn, plot.y()));
    notes.addAll(PlotContext.lackingOf(drawn, plot.y()));
    return notes;
  }
}
