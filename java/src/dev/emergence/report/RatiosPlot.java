package dev.emergence.report;

import dev.emergence.analysis.ClaimReport;
import dev.emergence.fit.MeanRatio;
import dev.emergence.report.chart.Axis;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Layer;
import dev.emergence.report.chart.LineStyle;
import dev.emergence.report.chart.Mark;
import dev.emergence.report.chart.Marker;
import dev.emergence.report.chart.Palette;
import dev.emergence.report.chart.Panel;
import dev.emergence.report.chart.RichText;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.ComparisonPlots.Ratios;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ratios behind claims, a row each with its interval over seeds, and what was claimed as dashed
 * lines.
 */
final class RatiosPlot {
  /** Height of a row; long names take two lines. */
  private static final double ROW = 17;

  private static final double LONG_ROW = 26;
  private static final int LONG_NAME = 20;

  private static final double LEAST_HEIGHT = 90;

  /** More rows than this cannot be read; the largest ratios are drawn. */
  private static final int MOST_ROWS = 60;

  private final Ratios plot;
  private final PlotContext context;
  private final Set<String> of = new LinkedHashSet<>();
  private final Set<String> coarse = new LinkedHashSet<>();

  RatiosPlot(Ratios plot, PlotContext context) {
    this.plot = plot;
    this.context = context;
  }

  /** One ratio: {@code at} is what is known of it, NaN when that is nothing. */
  private record Row(
      RichText name, double at, boolean bound, boolean known, MeanRatio interval, Mark mark) {}

  Figure figure() {
    Set<Double> levels = new LinkedHashSet<>();
    List<Row> all = rows(levels);
    if (all.isEmpty()) {
      return Plots.note("None of these claims has a ratio.");
    }
    List<Row> rows = largest(all);
    // An upright axis of words counts from below; the first row stands above.
    Collections.reverse(rows);
    List<Layer> layers = new ArrayList<>();
    for (double level : levels) {
      RichText words = RichText.plain("claimed " + Laws.number(level));
      layers.add(new Layer.Rule(true, level, words, Palette.REFERENCE, LineStyle.DASHED));
    }
    layers.add(new Layer.Rule(true, 1, RichText.EMPTY, Palette.REFERENCE, LineStyle.DOTTED));
    for (int i = 0; i < rows.size(); i++) {
      draw(rows.get(i), i, layers);
    }
    Panel panel = Panel.of(xAxis(), yAxis(rows));
    boolean isLong = rows.stream().anyMatch(r -> r.name().letters().length() > LONG_NAME);
    double height = Math.max(LEAST_HEIGHT, (isLong ? LONG_ROW : ROW) * rows.size());
    panel = panel.sized(panel.width(), height).with(layers);
    for (String note : notes(rows, all.size())) {
      panel = panel.noting(note);
    }
    return Figure.of(panel);
  }

  private List<Row> rows(Set<Double> levels) {
    List<Row> rows = new ArrayList<>();
    List<Mark> marks = Palette.series(plot.claims().size(), false, context.theme().colors());
    for (int k = 0; k < plot.claims().size(); k++) {
      ClaimReport claim = context.analysis().claims().get(plot.claims().get(k));
      if (claim.spec() instanceof ClaimSpec.Ratio spec) {
        spec.atLeast().ifPresent(levels::add);
        spec.atMost().ifPresent(levels::add);
        of.add(spec.of());
        coarse.addAll(
            PlotContext.coarse(
                context.analysis().cells(List.of(spec.data()), Map.of()), spec.of()));
        for (ClaimReport.Ratio ratio : claim.ratios()) {
          rows.add(row(plot.claims().get(k), spec, ratio, marks.get(k)));
        }
      }
    }
    return rows;
  }

  private Row row(String claim, ClaimSpec.Ratio spec, ClaimReport.Ratio ratio, Mark mark) {
    boolean known = ratio.ratio().known();
    MeanRatio interval = ratio.interval(plot.level());
    double at = ratio.ratio().lower();
    boolean bound = !known && at > 0;
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("claim", claim);
    row.putAll(ratio.values());
    row.put("ratio", known ? at : Double.NaN);
    row.put("at_least", bound ? at : Double.NaN);
    row.put("lower", interval.lower());
    row.put("upper", interval.upper());
    row.put("baseline_seeds", ratio.baselineSeeds().size());
    row.put("condition_seeds", ratio.conditionSeeds().size());
    context.data().row(row);
    RichText name = condition(spec, ratio);
    // What tells rows apart comes first: a name that is too long is cut at its end.
    RichText full =
        plot.claims().size() == 1
            ? name
            : name.then(" (").then(context.value(plot.look(), claim)).then(")");
    return new Row(full, known || bound ? at : Double.NaN, bound, known, interval, mark);
  }

  private static List<Row> largest(List<Row> all) {
    if (all.size() <= MOST_ROWS) {
      return new ArrayList<>(all);
    }
    Set<Row> kept =
        new LinkedHashSet<>(
            all.stream()
                .sorted(Comparator.comparingDouble((Row r) -> Double.isNaN(r.at()) ? 0 : -r.at()))
                .limit(MOST_ROWS)
                .toList());
    return new ArrayList<>(all.stream().filter(kept::contains).limit(MOST_ROWS).toList());
  }

  private static void draw(Row row, int place, List<Layer> layers) {
    double[] y = {place, place};
    if (row.interval().hasInterval()) {
      double[] ends = {row.interval().lower(), row.interval().upper()};
      layers.add(new Layer.Line(ends, y, row.mark().color(), LineStyle.SOLID, 1.4));
    }
    Mark mark = row.bound() ? row.mark().with(Marker.AT_LEAST) : row.mark();
    layers.add(
        Layer.Points.plain(new double[] {row.at()}, new double[] {place}, mark)
            .labelled(List.of(RichText.plain(row.bound() ? "at least" : ""))));
  }

  private List<String> notes(List<Row> rows, int all) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "Dots: mean of the baseline over mean of the condition; bars: "
            + Laws.percent(plot.level())
            + " intervals over seeds (Student's t on the logarithm, Welch). Each interval stands by"
            + " itself: the best of many ratios is larger than its own interval says.");
    notes.addAll(coarse);
    if (rows.size() < all) {
      notes.add("Drawn are the " + rows.size() + " largest of " + all + " ratios.");
    }
    if (rows.stream().anyMatch(Row::bound)) {
      notes.add("Triangle: unreached seeds leave only a lower bound.");
    }
    if (rows.stream().anyMatch(r -> r.known() && !r.interval().hasInterval())) {
      notes.add("No bar: seeds on one side are fewer than two, or all equal.");
    }
    long none = rows.stream().filter(r -> Double.isNaN(r.at())).count();
    if (none > 0) {
      String many = none == 1 ? "1 ratio is" : none + " ratios are";
      notes.add("No dot: of seeds that are unreached, lacking or 0, " + many + " not known.");
    }
    return notes;
  }

  private Axis yAxis(List<Row> rows) {
    RichText ours = RichText.plain("condition");
    return Axis.ofWords(
        PlotContext.label(plot.look().labels().y(), ours), rows.stream().map(Row::name).toList());
  }

  private Axis xAxis() {
    String one = plot.claims().size() == 1 ? plot.claims().get(0).replace('_', ' ') + ": " : "";
    RichText ours = RichText.plain(one + "ratio of ");
    for (String column : of) {
      RichText words = Names.column(column);
      ours = column.equals(of.iterator().next()) ? ours.then(words) : ours.then(", ").then(words);
    }
    return PlotContext.axis(
        PlotContext.label(plot.look().labels().x(), ours), plot.scale(), List.of());
  }

  /** The condition by the values that tell it from the baseline, others only where they vary. */
  private RichText condition(ClaimSpec.Ratio spec, ClaimReport.Ratio ratio) {
    RichText all = RichText.EMPTY;
    for (Map.Entry<String, Object> value : ratio.values().entrySet()) {
      RichText shown = context.value(plot.look(), value.getValue());
      boolean variant = value.getKey().equals("variant");
      RichText part = variant ? shown : context.names().of(value.getKey()).then(" = ").then(shown);
      all = all.isEmpty() ? part : all.then(", ").then(part);
    }
    return all.isEmpty() ? RichText.plain(spec.of()) : all;
  }
}
