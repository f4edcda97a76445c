package dev.emergence.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What every figure may say about its words and its size. Nothing of it is part of a run's
 * identity.
 *
 * @param title above the figure; may be empty
 * @param labels words at axes
 * @param names shown in place of values
 * @param order of values in legends, on axes of words and among panels
 * @param size on paper
 */
public record Look(
    @Key(doc = "Title above the figure.", value = "''", since = 2) String title,
    @Key(doc = "Labels of the axes, instead of the built-in ones.", value = "{}", since = 2)
        Labels labels,
    @Key(
            doc =
                "What is shown instead of a value: {relevant_position_last: last},"
                    + " {adam: Adam}. Values are written as in the file.",
            value = "{}",
            since = 2)
        Map<String, String> names,
    @Key(
            doc =
                "Order of values in legends, panels and axes of words. Values that are"
                    + " not listed come after them.",
            value = "[]",
            since = 2)
        List<String> order,
    @Key(doc = "Size on paper, instead of the one under figures.", value = "{}", since = 2)
        PlotSize size) {
  /** Nothing said. */
  public static final Look PLAIN =
      new Look("", new Labels("", "", ""), Map.of(), List.of(), new PlotSize("", ""));

  /** Words at axes; an empty one leaves ours. */
  public record Labels(
      @Key(doc = "Label of the x axis, with the unit.", value = "''") String x,
      @Key(doc = "Label of the y axis, with the unit.", value = "''") String y,
      @Key(doc = "Label above the legend or beside the colour bar.", value = "''") String color) {}

  /**
   * A size on paper.
   *
   * @param width of the whole figure; empty takes that under {@code figures}
   * @param height likewise; empty follows the width
   */
  @Word(value = "column", means = "{width: column}")
  @Word(value = "page", means = "{width: page}")
  public record PlotSize(
      @Key(
              doc =
                  "Width of the whole figure: column or page, as set under figures, or a"
                      + " length in mm, cm, in or pt such as 85mm.",
              value = "''")
          String width,
      @Key(
              doc =
                  "Height of the whole figure, such as 60mm. Default: it follows from the"
                      + " width.",
              value = "''")
          String height) {}

  /** Small multiples: a panel for each value. */
  public record Facets(
      @Key(
              doc =
                  "Symbol or path; each of its values gets a row of panels. Without columns each"
                      + " row is one panel, and up to four of them stand side by side.",
              value = Key.ABSENT,
              since = 2)
          Optional<String> rows,
      @Key(
              doc = "Symbol or path; each of its values gets a column of panels.",
              value = Key.ABSENT,
              since = 2)
          Optional<String> columns) {
    /** One panel. */
    public static final Facets NONE = new Facets(Optional.empty(), Optional.empty());
  }
}
