package dev.emergence.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A figure, drawn from stored results alone. */
public sealed interface PlotSpec {
  /** The sweeps whose runs are drawn. */
  List<String> data();

  /** Only runs with these values are drawn, by symbol or path; {@code seed} counts as one. */
  Map<String, Object> where();

  /** Axis scales. */
  enum Scale {
    LINEAR,
    LOG,
    SYMLOG
  }

  /** Scales of both axes; {@code loglog} and {@code linear} are short for both alike. */
  record Scales(
      @Key(doc = "Scale of the x axis.", value = "linear") Scale x, @Key(doc = "Scale of the y axis.", value = "linear") Scale y) {}

  /** What error bars show. */
  enum ErrorBar {
    NONE,
    /** Standard deviation over seeds. */
    STD,
    /** Standard error of the mean. */
    SEM,
    /** Smallest and largest seed. */
    RANGE
  }

  /** A measured number against a swept value, one line for each colour. */
  @Kind(value = "scaling", doc = "A measured number against a swept value, with error bars and fitted lines.")
  record Scaling(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "Symbol or path on the x axis.") String x,
      @Key(doc = "Column on the y axis: plateau.steps, plateau.time, clean.accuracy.") String y,
      @Key(doc = "Symbol or path that colours the lines.", value = Key.ABSENT) Optional<String> color,
      @Key(doc = "Name of a fit, or `mean` to join the seed means.", value = "mean") String line,
      @Key(doc = "Name of a prediction to draw dashed.", value = Key.ABSENT) Optional<String> theory,
      @Key(doc = "Scales of the axes.", value = "loglog", atomic = true) Scales scale,
      @Key(doc = "What error bars show.", value = "std") ErrorBar error)
      implements PlotSpec {}

  /** A metric over training. */
  @Kind(value = "learning_curves", doc = "A metric over training, one line a run or the mean over seeds.")
  record LearningCurves(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "Metric: test.loss, clean.accuracy, attention.relevant.") String y,
      @Key(doc = "Symbol or path that colours the lines.", value = Key.ABSENT) Optional<String> color,
      @Key(doc = "Scales of the axes.", value = "linear", atomic = true) Scales scale,
      @Key(doc = "Thresholds to mark on the lines.", value = "[]") List<String> mark,
      @Key(doc = "Name of a prediction to draw dashed.", value = Key.ABSENT) Optional<String> theory)
      implements PlotSpec {}

  /** Attention patterns, heads by layers. */
  @Kind(value = "attention", doc = "Attention patterns of one sequence, heads by layers.")
  record Attention(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(doc = "Only runs with these values; the first that is left is drawn.", value = "{}") Map<String, Object> where,
      @Key(doc = "Layers to draw, from 1, or all.", value = "all") String layers,
      @Key(doc = "Heads to draw, from 1, or all.", value = "all") String heads,
      @Key(doc = "Which picture: a step, `last`, or a threshold's name.", value = "last") String at)
      implements PlotSpec {}

  /** Several recorded quantities of one condition over time, with their optima. */
  @Kind(value = "trajectories", doc = "Several recorded quantities over time, with their optima dashed.")
  record Trajectories(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "Quantities: w, alpha, delta_a.") List<String> y,
      @Key(doc = "Symbol or path that colours the lines.", value = Key.ABSENT) Optional<String> color,
      @Key(doc = "Scales of the axes.", value = "linear", atomic = true) Scales scale,
      @Key(doc = "`optimum` draws the quantities' optima dashed.", value = "none") Reference reference)
      implements PlotSpec {}

  /** Dashed reference lines. */
  enum Reference {
    NONE,
    OPTIMUM
  }
}
