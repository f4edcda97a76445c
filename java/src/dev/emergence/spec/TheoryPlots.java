package dev.emergence.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Figures of the toy model's quantities and of what the theory says. */
public final class TheoryPlots {
  private TheoryPlots() {}

  /** Several recorded quantities over time, or against another one of them (a phase portrait). */
  @Kind(
      value = "trajectories",
      doc = "Several recorded quantities over time, or against another quantity.")
  public record Trajectories(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "Quantities: w, alpha, delta_a, hessian_max.") List<String> y,
      @Key(doc = "Quantity on the x axis: time, or a recorded one such as delta_a.", value = "time")
          String x,
      @Key(
              doc = "Symbol or path; each of its values gets a line of its own colour.",
              value = Key.ABSENT)
          Optional<String> color,
      @Key(doc = "Scales of the axes.", value = "linear", atomic = true) PlotSpec.Scales scale,
      @Key(doc = "optimum: the optimal values are drawn as dashed lines.", value = "none")
          Reference reference,
      @Key(doc = "Name of a theoretical curve, drawn as a dashed line.", value = Key.ABSENT)
          Optional<String> theory,
      @Key(doc = "Ends of the axes.", value = "{}", atomic = true) PlotSpec.Limits limits,
      @Inline Look.Facets facets,
      @Inline Look look)
      implements PlotSpec {}

  /** The reduced loss of the toy model over two of its coordinates, with the runs drawn on it. */
  @Kind(
      value = "landscape",
      doc =
          "The toy model's loss as a heat map with contour lines, and the paths"
              + " of the runs on it.")
  public record Landscape(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(
              doc =
                  "Only runs with these values. All of them must have the same loss"
                      + " landscape.",
              value = "{}")
          Map<String, Object> where,
      @Key(doc = "Coordinate on the x axis.", value = "delta_a") String x,
      @Key(doc = "Coordinate on the y axis.", value = "w") String y,
      @Key(doc = "Scale of the colours.", value = "log") PlotSpec.Scale color,
      @Key(doc = "Number of contour lines.", value = "16", min = 0, max = 200) int contours,
      @Key(doc = "Number of points along each axis.", value = "160", min = 2, max = 2000)
          int resolution,
      @Key(doc = "Ends of both axes.", atomic = true) PlotSpec.Limits limits,
      @Inline Look look)
      implements PlotSpec {}

  /** Curves of the theory alone, one for each condition; nothing measured is drawn. */
  @Kind(
      value = "theory",
      doc =
          "A relation that the theory gives in closed form, with one line for" + " each condition.")
  public record Theory(
      @Key(doc = "Sweep or list of sweeps whose conditions are drawn.") List<String> data,
      @Key(doc = "Only conditions with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "Name of the relation: w_inf.") String relation,
      @Key(
              doc = "Symbol or path; each of its values gets a line of its own colour.",
              value = Key.ABSENT)
          Optional<String> color,
      @Key(doc = "Scales of the axes.", value = "linear", atomic = true) PlotSpec.Scales scale,
      @Key(doc = "Ends of the axes.", value = "{}", atomic = true) PlotSpec.Limits limits,
      @Inline Look.Facets facets,
      @Inline Look look)
      implements PlotSpec {}

  /** Dashed reference lines. */
  public enum Reference {
    NONE,
    OPTIMUM
  }
}
