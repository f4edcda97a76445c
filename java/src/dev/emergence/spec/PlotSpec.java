package dev.emergence.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A figure, drawn from stored results alone. */
@Kinds({
  PlotSpec.Scaling.class,
  PlotSpec.LearningCurves.class,
  PlotSpec.Attention.class,
  PlotSpec.Trajectories.class,
  PlotSpec.Landscape.class,
  PlotSpec.Theory.class,
  ComparisonPlots.Categories.class,
  ComparisonPlots.EmergenceScatter.class,
  ComparisonPlots.Hazard.class,
  ComparisonPlots.Ratios.class,
  GridPlots.Rows.class,
  GridPlots.Heatmap.class,
  GridPlots.Panels.class
})
public interface PlotSpec {
  /** Whether it draws runs, which {@link #data} and {@link #where} choose. */
  default boolean isOfData() {
    return true;
  }

  /** The sweeps whose runs are drawn. */
  List<String> data();

  /** Only runs with these values are drawn, by symbol or path; {@code seed} counts as one. */
  Map<String, Object> where();

  /** Words and size. */
  Look look();

  /** Small multiples; none for kinds that have no such keys. */
  default Look.Facets facets() {
    return Look.Facets.NONE;
  }

  /** Axis scales. */
  enum Scale {
    LINEAR,
    LOG,
    SYMLOG
  }

  /** Scales of both axes; {@code loglog} and {@code linear} are short for both alike. */
  @Word(value = "loglog", means = "{x: log, y: log}")
  @Word(value = "linear", means = "{x: linear, y: linear}")
  record Scales(
      @Key(doc = "Scale of the x axis.", value = "linear") Scale x,
      @Key(doc = "Scale of the y axis.", value = "linear") Scale y) {}

  /** Ends of the axes, each a pair of numbers; an empty one follows the data. */
  record Limits(
      @Key(doc = "Ends of the x axis, such as [0, 10000].", value = "[]") List<Double> x,
      @Key(doc = "Ends of the y axis, such as [1e-6, 1].", value = "[]") List<Double> y) {}

  /** What error bars show. On a logarithmic axis, deviations are those of the logarithms. */
  enum ErrorBar {
    NONE,
    /** Standard deviation over seeds. */
    STD,
    /** Standard error of the mean. */
    SEM,
    /** Smallest and largest seed. */
    RANGE,
    /** First and third quartile of the seeds. */
    QUARTILES
  }

  /** What stands for the seeds of a condition. */
  enum Middle {
    /** The geometric mean on a logarithmic axis, the mean on others. */
    AUTO,
    MEAN,
    GEOMETRIC_MEAN,
    /** By Kaplan and Meier where seeds are unreached. */
    MEDIAN
  }

  /** A measured number against a swept value, one line for each colour. */
  @Kind(
      value = "scaling",
      doc = "A measured number against a swept value, with error bars and fitted lines.")
  record Scaling(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "Symbol or path on the x axis.") String x,
      @Key(doc = "Column on the y axis: plateau.steps, plateau.time, clean.accuracy.") String y,
      @Key(doc = "Symbol or path that colours the lines.", value = Key.ABSENT)
          Optional<String> color,
      @Key(doc = "Name of a fit, or `mean` to join the seed means.", value = "mean") String line,
      @Key(doc = "Name of a prediction to draw dashed.", value = Key.ABSENT)
          Optional<String> theory,
      @Key(doc = "Scales of the axes.", value = "loglog", atomic = true) Scales scale,
      @Key(
              doc =
                  "What error bars show; on a logarithmic axis, deviations are those of the"
                      + " logarithms.",
              value = "std")
          ErrorBar error,
      @Key(doc = "Ends of the axes.", value = "{}", atomic = true) Limits limits,
      @Key(
              doc =
                  "What a dot is: auto (geometric mean on a logarithmic axis, else mean), mean,"
                      + " geometric_mean, median.",
              value = "auto",
              since = 2)
          Middle middle,
      @Key(doc = "Whether every seed is drawn too, as a small dot.", value = "false", since = 2)
          boolean seeds,
      @Key(
              doc = "Whether a law that has an interval is drawn with its band.",
              value = "true",
              since = 2)
          boolean band,
      @Key(
              doc =
                  "Levels of the task to draw as lines, where y is a loss or an accuracy: oracle,"
                      + " fresh_bayes, copier, in_context, class, most_frequent, unigram, blind,"
                      + " zero.",
              value = "[]",
              since = 2)
          List<String> levels,
      @Inline Look.Facets facets,
      @Inline Look look)
      implements PlotSpec {}

  /** A metric over training. */
  @Kind(
      value = "learning_curves",
      doc = "A metric over training: one line a run, or the mean or median over seeds with a band.")
  record LearningCurves(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(
              doc =
                  "Metric: test.loss, clean.accuracy, attention.relevant (of the head with the"
                      + " largest mass, where no layer and head is named).")
          String y,
      @Key(doc = "Symbol or path that colours the lines.", value = Key.ABSENT)
          Optional<String> color,
      @Key(doc = "Scales of the axes.", value = "linear", atomic = true) Scales scale,
      @Key(doc = "Thresholds to mark on the lines.", value = "[]") List<String> mark,
      @Key(doc = "Name of a theoretical curve to draw dashed.", value = Key.ABSENT)
          Optional<String> theory,
      @Key(doc = "Ends of the axes.", value = "{}", atomic = true) Limits limits,
      @Key(
              doc =
                  "What is drawn of the seeds: runs (a line each), or their mean or median at each"
                      + " step, as far as every seed was measured.",
              value = "runs",
              since = 2)
          Curves show,
      @Key(
              doc = "Band around a mean or median: none, std, quartiles, range.",
              value = "quartiles",
              since = 2)
          Band band,
      @Key(
              doc =
                  "Threshold whose crossing is put at 1 on the x axis: step over emergence. Runs"
                      + " that did not cross it are left out, and counted.",
              value = Key.ABSENT,
              since = 2)
          Optional<String> align,
      @Key(
              doc =
                  "Levels of the task to draw as lines, where y is a loss or an accuracy: oracle,"
                      + " fresh_bayes, copier, in_context, class, most_frequent, unigram, blind,"
                      + " zero.",
              value = "[]",
              since = 2)
          List<String> levels,
      @Inline Look.Facets facets,
      @Inline Look look)
      implements PlotSpec {}

  /** What is drawn of several seeds' curves. */
  enum Curves {
    RUNS,
    MEAN,
    MEDIAN
  }

  /** Spread of curves around their mean or median. */
  enum Band {
    NONE,
    STD,
    QUARTILES,
    RANGE
  }

  /** Attention patterns, heads by layers. */
  @Kind(value = "attention", doc = "Attention patterns of one sequence, heads by layers.")
  record Attention(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(doc = "Only runs with these values; the first that is left is drawn.", value = "{}")
          Map<String, Object> where,
      @Key(doc = "Layers to draw, from 1, or all.", value = "all") String layers,
      @Key(doc = "Heads to draw, from 1, or all.", value = "all") String heads,
      @Key(doc = "Which picture: a step, `last`, or a threshold's name.", value = "last") String at,
      @Inline Look look)
      implements PlotSpec {}

  /** Several recorded quantities over time, or against another one of them (a phase portrait). */
  @Kind(
      value = "trajectories",
      doc = "Several recorded quantities over time or against another, with their optima dashed.")
  record Trajectories(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "Quantities: w, alpha, delta_a, hessian_max.") List<String> y,
      @Key(doc = "Quantity on the x axis: time, or a recorded one such as delta_a.", value = "time")
          String x,
      @Key(doc = "Symbol or path that colours the lines.", value = Key.ABSENT)
          Optional<String> color,
      @Key(doc = "Scales of the axes.", value = "linear", atomic = true) Scales scale,
      @Key(doc = "`optimum` draws the quantities' optima dashed.", value = "none")
          Reference reference,
      @Key(doc = "Name of a theoretical curve to draw dashed.", value = Key.ABSENT)
          Optional<String> theory,
      @Key(doc = "Ends of the axes.", value = "{}", atomic = true) Limits limits,
      @Inline Look.Facets facets,
      @Inline Look look)
      implements PlotSpec {}

  /** The reduced loss of the toy model over two of its coordinates, with the runs drawn on it. */
  @Kind(
      value = "landscape",
      doc = "A heat map of the toy model's loss with contour lines and the runs' paths on it.")
  record Landscape(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(doc = "Only runs with these values; all must share one landscape.", value = "{}")
          Map<String, Object> where,
      @Key(doc = "Coordinate on the x axis.", value = "delta_a") String x,
      @Key(doc = "Coordinate on the y axis.", value = "w") String y,
      @Key(doc = "Scale of the colours.", value = "log") Scale color,
      @Key(doc = "Contour lines.", value = "16", min = 0, max = 200) int contours,
      @Key(doc = "Points along each axis of the grid.", value = "160", min = 2, max = 2000)
          int resolution,
      @Key(doc = "Ends of the axes; both are needed.", atomic = true) Limits limits,
      @Inline Look look)
      implements PlotSpec {}

  /** Curves of the theory alone, one for each condition; nothing measured is drawn. */
  @Kind(
      value = "theory",
      doc = "A relation that the theory gives in closed form, one line for each condition.")
  record Theory(
      @Key(doc = "Sweep or list of sweeps, for their conditions.") List<String> data,
      @Key(doc = "Only conditions with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "Name of the relation: w_inf.") String relation,
      @Key(doc = "Symbol or path that colours the lines.", value = Key.ABSENT)
          Optional<String> color,
      @Key(doc = "Scales of the axes.", value = "linear", atomic = true) Scales scale,
      @Key(doc = "Ends of the axes.", value = "{}", atomic = true) Limits limits,
      @Inline Look.Facets facets,
      @Inline Look look)
      implements PlotSpec {}

  /** Dashed reference lines. */
  enum Reference {
    NONE,
    OPTIMUM
  }
}
