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

  /** One line of a legend: a stroke, a sign, or both. */
  public record Entry(
      RichText label, Color color, Optional<LineStyle> line, Optional<Marker> marker) {
    /** A stroke. */
    public static Entry line(RichText label, Color color, LineStyle style) {
      return new Entry(label, color, Optional.of(style), Optional.empty());
    }

    /** A sign. */
    public static Entry marker(RichText label, Color color, Marker marker) {
      return new Entry(label, color, Optional.empty(), Optional.of(marker));
    }

    /** A sign on a stroke. */
    public static Entry both(RichText label, Color color, LineStyle style, Marker marker) {
      return new Entry(label, color, Optional.of(style), Optional.of(marker));
    }
  }
}
