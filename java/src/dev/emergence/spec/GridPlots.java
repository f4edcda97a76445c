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
          "One line over training for each recorded column that matches a"
              + " pattern, with its emergence time: the rows of a matrix, the heads, the"
              + " positions.")
  public record Rows(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(
              doc =
                  "Only runs with these values. If several conditions are left, the first"
                      + " is drawn.",
              value = "{}")
          Map<String, Object> where,
      @Key(
              doc =
                  "Metric with * instead of a number or a name: test.loss.row.*,"
                      + " attention.*.*.relevant.")
          String y,
      @Key(doc = "Scales of the axes.", value = "linear", atomic = true) PlotSpec.Scales scale,
      @Key(
              doc =
                  "Level below which a line counts as emerged, for columns that have no"
                      + " threshold in the file. 0: no such marks.",
              value = "0")
          double below,
      @Key(doc = "Ends of the axes.", value = "{}", atomic = true) PlotSpec.Limits limits,
      @Inline Look look)
      implements PlotSpec {}

  /** A number over two swept values. */
  @Kind(
      value = "heatmap",
      doc = "A measured number over two swept values, shown as coloured cells.")
  public record Heatmap(
      @Key(doc = "Sweep or list of sweeps.") List<String> data,
      @Key(doc = "Only runs with these values.", value = "{}") Map<String, Object> where,
      @Key(doc = "Symbol or path on the x axis.") String x,
      @Key(doc = "Symbol or path on the y axis.") String y,
      @Key(doc = "Column that the colours show: plateau.steps, clean.accuracy.") String of,
      @Key(doc = "Scale of the colours.", value = "linear") PlotSpec.Scale color,
      @Key(
              doc =
                  "What a cell shows of its seeds. auto: the geometric mean on a"
                      + " logarithmic scale, else the mean.",
              value = "auto")
          PlotSpec.Middle middle,
      @Key(doc = "Whether the numbers are written on the cells.", value = "true") boolean numbers,
      @Inline Look.Facets facets,
      @Inline Look look)
      implements PlotSpec {}

  /** Other figures of the file side by side. */
  @Kind(value = "panels", doc = "Several plots of the file as lettered panels of one figure.")
  public record Panels(
      @Key(doc = "Names of plots, in the order of the panels.") List<String> of,
      @Key(doc = "Number of panels in a row.", value = "2", min = 1, max = 20) int columns,
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
