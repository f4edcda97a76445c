package dev.emergence.spec;

import java.util.List;
import java.util.Map;

/** Figures of many rows, cells or panels. */
public final class GridPlots {
  private GridPlots() {}

  /** One line for each of several columns over training. */
  @Kind(
      value = "rows",
      doc =
          "One line over training for each recorded column that a pattern names, with its"
              + " emergence: the rows of a matrix, heads, positions.")
  public record Rows(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(
              doc = "Only runs with these values; the first condition that is left is drawn.",
              value = "{}")
          Map<String, Object> where,
      @Key(
              doc =
                  "Metric with a * in place of a number or a name: test.loss.row.*,"
                      + " attention.*.*.relevant.")
          String y,
      @Key(doc = "Scales of the axes.", value = "linear", atomic = true) PlotSpec.Scales scale,
      @Key(
              doc =
                  "Level that a line must fall to for its emergence to be marked, where no threshold"
                      + " of the file is on that column; 0 marks none.",
              value = "0")
          double below,
      @Key(doc = "Ends of the axes.", value = "{}", atomic = true) PlotSpec.Limits limits,
      @Inline Look look)
      implements PlotSpec {}

  /** A number over two swept values. */
  @Kind(value = "heatmap", doc = "A measured number over two swept values, as coloured cells.")
  public record Heatmap(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "Symbol or path on the x axis.") String x,
      @Key(doc = "Symbol or path on the y axis.") String y,
      @Key(doc = "Column that the colours show: plateau.steps, clean.accuracy.") String of,
      @Key(doc = "Scale of the colours.", value = "linear") PlotSpec.Scale color,
      @Key(
              doc = "What stands for the seeds of a cell: auto, mean, geometric_mean, median.",
              value = "auto")
          PlotSpec.Middle middle,
      @Key(doc = "Whether the numbers stand on the cells.", value = "true") boolean numbers,
      @Inline Look.Facets facets,
      @Inline Look look)
      implements PlotSpec {}

  /** Other figures of the file side by side. */
  @Kind(value = "panels", doc = "Other figures of the file as panels of one, with letters.")
  public record Panels(
      @Key(doc = "Names of plots, in the order of the panels.") List<String> of,
      @Key(doc = "Panels in a row.", value = "2", min = 1, max = 20) int columns,
      @Key(doc = "Whether panels have letters, (a), (b), (c).", value = "true") boolean letters,
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
