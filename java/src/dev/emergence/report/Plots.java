package dev.emergence.report;

import dev.emergence.report.chart.Axis;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Panel;
import dev.emergence.report.chart.RichText;
import dev.emergence.report.chart.Scale;
import dev.emergence.spec.Catalog;
import dev.emergence.spec.ComparisonPlots;
import dev.emergence.spec.GridPlots;
import dev.emergence.spec.PlotSpec;
import dev.emergence.spec.TheoryPlots;
import dev.emergence.theory.NotApplicable;
import java.util.Map;
import java.util.function.BiFunction;

/** The catalog of {@code plots:} entries, and how each is drawn: one line each. */
final class Plots {
  private static final Catalog<PlotSpec, BiFunction<PlotSpec, PlotContext, Figure>> KNOWN =
      Catalog.complete(
          "plot",
          PlotSpec.class,
          Map.ofEntries(
              entry(PlotSpec.Scaling.class, (p, c) -> new ScalingPlot(p, c).figure()),
              entry(PlotSpec.LearningCurves.class, (p, c) -> new CurvesPlot(p, c).figure()),
              entry(PlotSpec.Attention.class, (p, c) -> new AttentionPlot(p, c, false).figure()),
              entry(TheoryPlots.Trajectories.class, (p, c) -> new TrajectoriesPlot(p, c).figure()),
              entry(TheoryPlots.Landscape.class, (p, c) -> new LandscapePlot(p, c).figure()),
              entry(TheoryPlots.Theory.class, (p, c) -> new TheoryPlot(p, c).figure()),
              entry(ComparisonPlots.Categories.class, (p, c) -> new CategoriesPlot(p, c).figure()),
              entry(
                  ComparisonPlots.EmergenceScatter.class,
                  (p, c) -> new CategoriesPlot(p, c).figure()),
              entry(ComparisonPlots.Hazard.class, (p, c) -> new HazardPlot(p, c).figure()),
              entry(ComparisonPlots.Ratios.class, (p, c) -> new RatiosPlot(p, c).figure()),
              entry(GridPlots.Rows.class, (p, c) -> new RowsPlot(p, c).figure()),
              entry(GridPlots.Heatmap.class, (p, c) -> new HeatmapPlot(p, c).figure()),
              entry(GridPlots.Panels.class, (p, c) -> new PanelsPlot(p, c).figure())));

  private Plots() {}

  private static <S extends PlotSpec>
      Map.Entry<Class<? extends PlotSpec>, BiFunction<PlotSpec, PlotContext, Figure>> entry(
          Class<S> kind, BiFunction<S, PlotContext, Figure> drawing) {
    return Map.entry(kind, (plot, context) -> drawing.apply(kind.cast(plot), context));
  }

  /**
   * The figure, not yet in its size and words; where there is nothing to draw, or the theory does
   * not apply, one that says so.
   */
  static Figure figure(PlotSpec plot, PlotContext context) {
    try {
      return KNOWN.of(plot).apply(plot, context);
    } catch (NotApplicable cannot) {
      return note(String.valueOf(cannot.getMessage()));
    }
  }

  /** An empty panel with a sentence. */
  static Figure note(String sentence) {
    Axis bare = Axis.of(RichText.EMPTY, Scale.LINEAR).withoutTicks();
    return Figure.of(Panel.of(bare, bare).noting(sentence));
  }
}
