package dev.emergence.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Figures that compare conditions: words on x, curves of survival, ratios. */
public final class ComparisonPlots {
  private ComparisonPlots() {}

  /** How the seeds of a category are drawn. */
  public enum Show {
    /** Every seed, and the middle as a level stroke. */
    STRIP,
    /** Quartiles and median, and every seed. */
    BOX,
    /** A column up to the middle, with an error bar, and every seed. */
    BAR
  }

  /** A measured number against words, side by side for each colour. */
  @Kind(
      value = "categories",
      doc =
          "A measured number for each of several words, as strips, boxes or"
              + " columns, with every seed.")
  public record Categories(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "Symbol or path whose values are on the x axis, or variant.") String x,
      @Key(doc = "Column on the y axis: plateau.steps, plateau.time, clean.accuracy.") String y,
      @Key(
              doc =
                  "Symbol or path whose values are drawn side by side, in different" + " colours.",
              value = Key.ABSENT)
          Optional<String> color,
      @Key(
              doc =
                  "strip: every seed, and a line at the middle; box: quartiles and"
                      + " median; bar: a column up to the middle. Every seed is drawn in each.",
              value = "strip")
          Show show,
      @Key(doc = "Scale of the y axis.", value = "linear") PlotSpec.Scale scale,
      @Key(
              doc =
                  "What the line or column shows of the seeds. auto: the geometric mean"
                      + " on a logarithmic axis, else the mean.",
              value = "auto")
          PlotSpec.Middle middle,
      @Key(
              doc =
                  "What error bars of columns show. std: standard deviation; sem:"
                      + " standard error of the mean; range: smallest and largest seed.",
              value = "std")
          PlotSpec.ErrorBar error,
      @Key(doc = "Ends of the y axis, such as [0, 500].", value = "[]") List<Double> limits,
      @Inline Look.Facets facets,
      @Inline Look look)
      implements PlotSpec {}

  /** The time of emergence of every run. */
  @Kind(
      value = "emergence_scatter",
      doc =
          "One dot for each run at its emergence time, for each of several words."
              + " Runs that did not emerge are hollow. A dashed line joins the means, in which these"
              + " count at their last step.")
  public record EmergenceScatter(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "Symbol or path whose values are on the x axis, or variant.") String x,
      @Key(doc = "The threshold whose crossing is drawn.", value = "plateau") String threshold,
      @Key(
              doc = "Symbol or path; each of its values gets dots of its own colour.",
              value = Key.ABSENT)
          Optional<String> color,
      @Key(doc = "Scale of the y axis.", value = "log") PlotSpec.Scale scale,
      @Key(doc = "Ends of the y axis, such as [100, 50000].", value = "[]") List<Double> limits,
      @Inline Look.Facets facets,
      @Inline Look look)
      implements PlotSpec {}

  /** What of a survival curve is drawn. */
  public enum Survival {
    /** The share that has not yet emerged. */
    WAITING,
    /** The share that has emerged. */
    EMERGED,
    /** The cumulative hazard: minus the logarithm of the share that has not. */
    HAZARD
  }

  /** The share of runs that has not yet emerged. */
  @Kind(
      value = "hazard",
      doc =
          "The share of runs that have not yet emerged, over steps"
              + " (Kaplan-Meier), with a pointwise band (Greenwood; Clopper-Pearson where all"
              + " runs or none wait) and a tick where a run ended without emergence.")
  public record Hazard(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "The threshold whose crossing is emergence.", value = "plateau") String threshold,
      @Key(doc = "Symbol or path; each of its values gets a curve.", value = Key.ABSENT)
          Optional<String> color,
      @Key(
              doc =
                  "waiting: the share not yet emerged; emerged: the share that has;"
                      + " hazard: the cumulative hazard.",
              value = "waiting")
          Survival show,
      @Key(doc = "Level of the band.", value = "0.95", min = 0.01, max = 0.9999, unit = "share")
          double level,
      @Key(doc = "Scale of the x axis.", value = "linear") PlotSpec.Scale scale,
      @Key(doc = "Ends of the axes.", value = "{}", atomic = true) PlotSpec.Limits limits,
      @Inline Look.Facets facets,
      @Inline Look look)
      implements PlotSpec {}

  /** The ratios behind claims. */
  @Kind(
      value = "ratios",
      doc =
          "The ratios behind claims, with intervals over seeds, and the claimed"
              + " bound as a line.")
  public record Ratios(
      @Key(doc = "Names of claims.") List<String> claims,
      @Key(
              doc = "Level of the intervals.",
              value = "0.95",
              min = 0.01,
              max = 0.9999,
              unit = "share")
          double level,
      @Key(doc = "Scale of the axis of ratios.", value = "log") PlotSpec.Scale scale,
      @Inline Look look)
      implements PlotSpec {
    @Override
    public boolean isOfData() {
      return false;
    }

    @Override
    public List<String> data() {
      return List.of();
    }

    @Override
    public Map<String, Object> where() {
      return Map.of();
    }
  }
}
