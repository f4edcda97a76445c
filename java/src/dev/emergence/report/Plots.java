package dev.emergence.report;

import dev.emergence.report.chart.Axis;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Panel;
import dev.emergence.report.chart.RichText;
import dev.emergence.report.chart.Scale;
import dev.emergence.spec.ComparisonPlots;
import dev.emergence.spec.GridPlots;
import dev.emergence.spec.PlotSpec;
import dev.emergence.theory.NotApplicable;

/** Draws any {@code plots:} entry. */
final class Plots {
  private Plots() {}

  /**
   * The figure, not yet in its size and words; where there is nothing to draw, or the theory does
   * not apply, one that says so.
   */
  static Figure figure(PlotSpec plot, PlotContext context) {
    try {
      return drawn(plot, context);
    } catch (NotApplicable cannot) {
      return note(String.valueOf(cannot.getMessage()));
    }
  }

  private static Figure drawn(PlotSpec plot, PlotContext context) {
    if (plot instanceof PlotSpec.Scaling scaling) {
      return new ScalingPlot(scaling, context).figure();
    } else if (plot instanceof PlotSpec.LearningCurves curves) {
      return new CurvesPlot(curves, context).figure();
    } else if (plot instanceof PlotSpec.Attention attention) {
      return new AttentionPlot(attention, context).figure();
    } else if (plot instanceof PlotSpec.Trajectories trajectories) {
      return new TrajectoriesPlot(trajectories, context).figure();
    } else if (plot instanceof PlotSpec.Landscape landscape) {
      return new LandscapePlot(landscape, context).figure();
    } else if (plot instanceof PlotSpec.Theory theory) {
      return new TheoryPlot(theory, context).figure();
    } else if (plot instanceof ComparisonPlots.Categories categories) {
      return new CategoriesPlot(categories, context).figure();
    } else if (plot instanceof ComparisonPlots.EmergenceScatter scatter) {
      return new CategoriesPlot(scatter, context).figure();
    } else if (plot instanceof ComparisonPlots.Hazard hazard) {
      return new HazardPlot(hazard, context).figure();
    } else if (plot instanceof ComparisonPlots.Ratios ratios) {
      return new RatiosPlot(ratios, context).figure();
    } else if (plot instanceof GridPlots.Rows rows) {
      return new RowsPlot(rows, context).figure();
    } else if (plot instanceof GridPlots.Heatmap heatmap) {
      return new HeatmapPlot(heatmap, context).figure();
    } else if (plot instanceof GridPlots.Panels panels) {
      return new PanelsPlot(panels, context).figure();
    }
    throw new IllegalStateException("no drawing for " + plot.getClass());
  }

  /** An empty panel with a sentence. */
  static Figure note(String sentence) {
    Axis bare = Axis.of(RichText.EMPTY, Scale.LINEAR).withoutTicks();
    return Figure.of(Panel.of(bare, bare).noting(sentence));
  }
}
