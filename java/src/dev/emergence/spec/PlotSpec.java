package dev.emergence.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A figure, drawn from stored results alone. */
@Kinds({
  PlotSpec.Scaling.class,
  PlotSpec.LearningCurves.class,
  PlotSpec.Attention.class,
  TheoryPlots.Trajectories.class,
  TheoryPlots.Landscape.class,
  TheoryPlots.Theory.class,
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
      @Key(
              doc = "Symbol or path; each of its values gets a line of its own colour.",
              value = Key.ABSENT)
          Optional<String> color,
      @Key(
              doc =
                  "Name of a fit whose law is drawn, `mean` to connect the dots of one colour, or"
                      + " `none`.",
              value = "mean")
          String line,
      @Key(doc = "Name of a theoretical prediction, drawn as a dashed line.", value = Key.ABSENT)
          Optional<String> theory,
      @Key(doc = "Scales of the axes.", value = "loglog", atomic = true) Scales scale,
      @Key(
              doc =
                  "What error bars show. std: standard deviation over seeds; sem:"
                      + " standard error of the mean; range: smallest and largest seed;"
                      + " quartiles: first and third quartile. On a logarithmic axis, std and"
                      + " sem are computed from logarithms.",
              value = "std")
          ErrorBar error,
      @Key(doc = "Ends of the axes.", value = "{}", atomic = true) Limits limits,
      @Key(
              doc =
                  "What a dot shows of the seeds. auto: the geometric mean on a"
                      + " logarithmic axis, else the mean.",
              value = "auto",
              since = 2)
          Middle middle,
      @Key(doc = "Whether every seed is also drawn, as a small dot.", value = "false", since = 2)
          boolean seeds,
      @Key(doc = "Whether a law is drawn with the band of its interval.", value = "true", since = 2)
          boolean band,
      @Key(
              doc =
                  "Levels of the task that are drawn as lines, if y is a loss or an"
                      + " accuracy: oracle (the best possible score), and scores of simpler"
                      + " strategies: fresh_bayes, any_lag, copier, mirror, in_context, class,"
                      + " most_frequent, bigram, unigram, blind, zero, and for a linear_map rows_1,"
                      + " rows_2 and so on (that many rows known).",
              value = "[]",
              since = 2)
          List<String> levels,
      @Inline Look.Facets facets,
      @Inline Look look)
      implements PlotSpec {}

  /** A metric over training. */
  @Kind(
      value = "learning_curves",
      doc =
          "A metric over training: one line for each run, or the mean or median"
              + " over seeds with a band.")
  record LearningCurves(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(
              doc =
                  "Metric: test.loss, clean.accuracy, attention.relevant. Without a layer"
                      + " and a head, an attention metric is that of the head in which it is"
                      + " largest; entropy is the smallest of all heads.")
          String y,
      @Key(
              doc = "Symbol or path; each of its values gets a line of its own colour.",
              value = Key.ABSENT)
          Optional<String> color,
      @Key(doc = "Scales of the axes.", value = "linear", atomic = true) Scales scale,
      @Key(doc = "Thresholds whose crossings are marked on the lines.", value = "[]")
          List<String> mark,
      @Key(doc = "Name of a theoretical curve, drawn as a dashed line.", value = Key.ABSENT)
          Optional<String> theory,
      @Key(doc = "Ends of the axes.", value = "{}", atomic = true) Limits limits,
      @Key(
              doc =
                  "runs: a line for each seed; mean, median: over seeds at each step, up"
                      + " to the last step that every seed has. With measurement.stop a line then"
                      + " ends with the first seed that stops, perhaps before its middle has"
                      + " emerged; stop: {never: true} avoids it.",
              value = "runs",
              since = 2)
          Curves show,
      @Key(
              doc =
                  "Band around a mean or median. std: standard deviation; quartiles:"
                      + " first to third quartile; range: smallest to largest seed.",
              value = "quartiles",
              since = 2)
          Band band,
      @Key(
              doc =
                  "Threshold whose crossing is at 1 on the x axis, which is then step"
                      + " divided by emergence time. Runs that did not cross it are left out;"
                      + " their number is reported.",
              value = Key.ABSENT,
              since = 2)
          Optional<String> align,
      @Key(
              doc =
                  "Levels of the task that are drawn as lines, if y is a loss or an"
                      + " accuracy: oracle (the best possible score), and scores of simpler"
                      + " strategies: fresh_bayes, any_lag, copier, mirror, in_context, class,"
                      + " most_frequent, bigram, unigram, blind, zero, and for a linear_map rows_1,"
                      + " rows_2 and so on (that many rows known).",
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
  @Kind(value = "attention", doc = "Attention patterns of one sequence, for each layer and head.")
  record Attention(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(
              doc = "Only runs with these values. If several are left, the first is drawn.",
              value = "{}")
          Map<String, Object> where,
      @Key(doc = "Layers to draw, counted from 1, or all.", value = "all") String layers,
      @Key(doc = "Heads to draw, counted from 1, or all.", value = "all") String heads,
      @Key(
              doc =
                  "Which stored pattern is drawn: a step, `last`, or the name of a" + " threshold.",
              value = "last")
          String at,
      @Inline Look look)
      implements PlotSpec {}
}
