package dev.emergence.report;

import dev.emergence.report.chart.Axis;
import dev.emergence.report.chart.Figure;
import dev.emergence.report.chart.Panel;
import dev.emergence.report.chart.RichText;
import dev.emergence.report.chart.Scale;
import dev.emergence.spec.PlotSpec;
import dev.emergence.theory.NotApplicable;

/** Draws any {@code plots:} entry. */
final class Plots {
  private Plots() {}

  /** The figure; where there is nothing to draw, or the theory does not apply, one that says so. */
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
    }
    return new TheoryPlot((PlotSpec.Theory) plot, context).figure();
  }

  /** An empty panel with a sentence. */
  static Figure note(String sentence) {
    Axis bare = Axis.of(RichText.EMPTY, Scale.LINEAR).withoutTicks();
    return Figure.of(Panel.of(bare, bare).noting(sentence));
  }
}
