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
    @Key(doc = "Words at the axes, in place of ours.", value = "{}", since = 2) Labels labels,
    @Key(
            doc =
                "What is shown in place of a value: {relevant_position_last: last}, {adam: Adam}."
                    + " Values are written as they stand in the file.",
            value = "{}",
            since = 2)
        Map<String, String> names,
    @Key(
            doc =
                "Values in the order in which legends, axes of words and panels show them; others"
                    + " follow.",
            value = "[]",
            since = 2)
        List<String> order,
    @Key(doc = "Size on paper, in place of that under figures.", value = "{}", since = 2)
        PlotSize size) {
  /** Nothing said. */
  public static final Look PLAIN =
      new Look("", new Labels("", "", ""), Map.of(), List.of(), new PlotSize("", ""));

  /** Words at axes; an empty one leaves ours. */
  public record Labels(
      @Key(doc = "Words at the x axis, with the unit.", value = "''") String x,
      @Key(doc = "Words at the y axis, with the unit.", value = "''") String y,
      @Key(doc = "Words above the legend or beside the colour bar.", value = "''") String color) {}

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
                  "Width of the whole figure: column or page, as figures says, or a length in mm,"
                      + " cm, in or pt such as 85mm.",
              value = "''")
          String width,
      @Key(doc = "Height of the whole figure, such as 60mm; follows the width.", value = "''")
          String height) {}

  /** Small multiples: a panel for each value. */
  public record Facets(
      @Key(
              doc = "Symbol or path with a row of panels for each value.",
              value = Key.ABSENT,
              since = 2)
          Optional<String> rows,
      @Key(
              doc = "Symbol or path with a column of panels for each value.",
              value = Key.ABSENT,
              since = 2)
          Optional<String> columns) {
    /** One panel. */
    public static final Facets NONE = new Facets(Optional.empty(), Optional.empty());
  }
}
