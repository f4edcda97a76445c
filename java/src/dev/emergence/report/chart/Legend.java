package dev.emergence.report.chart;

import java.awt.Color;
import java.util.List;
import java.util.Optional;

/**
 * What colours, signs and lines stand for.
 *
 * @param title above the entries; may be empty
 */
public record Legend(RichText title, List<Entry> entries) {
  /** No legend. */
  public static final Legend NONE = new Legend(RichText.EMPTY, List.of());

  public Legend {
    entries = List.copyOf(entries);
  }

  /** One line of a legend: a stroke, a sign, or a sign on its line. */
  public record Entry(RichText label, Color color, Optional<LineStyle> line, Optional<Mark> mark) {
    /** A stroke. */
    public static Entry line(RichText label, Color color, LineStyle style) {
      return new Entry(label, color, Optional.of(style), Optional.empty());
    }

    /** A sign as it stands in the figure. */
    public static Entry sign(RichText label, Mark mark) {
      return new Entry(label, mark.color(), Optional.empty(), Optional.of(mark));
    }

    /** A sign on its line. */
    public static Entry both(RichText label, Mark mark) {
      return new Entry(label, mark.color(), Optional.of(mark.line()), Optional.of(mark));
    }

    /** Words alone. */
    static Entry words(RichText label) {
      return new Entry(label, Palette.FAINT, Optional.empty(), Optional.empty());
    }
  }
}
