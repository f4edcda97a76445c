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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ratios behind claims with intervals over seeds, and what was claimed as dashed lines. */
final class RatiosPlot {
  private final Ratios plot;
  private final PlotContext context;
  private final List<RichText> words = new ArrayList<>();
  private final List<Layer> layers = new ArrayList<>();
  private final Set<String> of = new LinkedHashSet<>();
  private boolean open;
  private boolean unsure;

  RatiosPlot(Ratios plot, PlotContext context) {
    this.plot = plot;
    this.context = context;
  }

  Figure figure() {
    Set<Double> levels = new LinkedHashSet<>();
    List<Mark> marks = Palette.series(plot.claims().size(), false, context.theme().colors());
    for (int k = 0; k < plot.claims().size(); k++) {
      String name = plot.claims().get(k);
      ClaimReport claim = context.analysis().claims().get(name);
      if (!(claim.spec() instanceof ClaimSpec.Ratio spec)) {
        continue;
      }
      spec.atLeast().ifPresent(levels::add);
      spec.atMost().ifPresent(levels::add);
      of.add(spec.of());
      for (ClaimReport.Ratio ratio : claim.ratios()) {
        draw(name, spec, ratio, marks.get(k));
      }
    }
    if (words.isEmpty()) {
      return Plots.note("None of these claims has a ratio.");
    }
    List<Layer> all = new ArrayList<>();
    for (double level : levels) {
      all.add(
          new Layer.Rule(
              false,
              level,
              RichText.plain("claimed " + Laws.number(level)),
              Palette.REFERENCE,
              LineStyle.DASHED));
    }
    all.add(new Layer.Rule(false, 1, RichText.EMPTY, Palette.REFERENCE, LineStyle.DOTTED));
    all.addAll(layers);
    return Figure.of(noted(Panel.of(xAxis(), yAxis()).with(all)));
  }

  private Panel noted(Panel panel) {
    Panel out =
        panel.noting(
            "Dots: mean of the baseline over mean of the condition; bars: "
                + Laws.percent(plot.level())
                + " intervals over seeds (Student's t on the logarithm, Welch). Each interval stands"
                + " by itself: the best of many ratios is larger than its own interval says.");
    out = open ? out.noting("Triangle: unreached seeds leave only a lower bound.") : out;
    return unsure ? out.noting("No bar: fewer than two seeds on one side.") : out;
  }

  private Axis xAxis() {
    return Axis.ofWords(
        PlotContext.label(plot.look().labels().x(), RichText.plain("condition")), words);
  }

  private Axis yAxis() {
    RichText ours = RichText.plain("ratio of " + String.join(", ", of));
    return PlotContext.axis(
        PlotContext.label(plot.look().labels().y(), ours), plot.scale(), List.of());
  }

  private void draw(String claim, ClaimSpec.Ratio spec, ClaimReport.Ratio ratio, Mark mark) {
    RichText name = context.value(plot.look(), claim);
    words.add(name.then(": ").then(condition(spec, ratio)));
    double[] x = {words.size() - 1.0};
    boolean known = ratio.ratio().known();
    MeanRatio interval =
        known
            ? MeanRatio.of(ratio.baselineSeeds(), ratio.conditionSeeds(), plot.level())
            : new MeanRatio(Double.NaN, Double.NaN, Double.NaN);
    double at = ratio.ratio().lower();
    boolean bound = !known && at > 0;
    open |= bound;
    unsure |= known && !interval.hasInterval();
    layers.add(
        new Layer.Points(
            x,
            new double[] {known || bound ? at : Double.NaN},
            new double[] {interval.lower()},
            new double[] {interval.upper()},
            bound ? mark.with(Marker.AT_LEAST) : mark,
            List.of()));
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
