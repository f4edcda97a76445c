package dev.emergence.report.chart;

import java.awt.Color;

/**
 * What a series looks like: several differences at once, so that it stays apart in grey print and
 * for colour-blind readers.
 *
 * @param color of line and sign
 * @param marker sign at points
 * @param line how lines are broken
 * @param hollow whether the sign is an outline: not all seeds stand behind it
 * @param size factor on the radius of the sign
 */
public record Mark(Color color, Marker marker, LineStyle line, boolean hollow, double size) {

  /** A filled sign of the usual size on an unbroken line. */
  public static Mark of(Color color, Marker marker) {
    return new Mark(color, marker, LineStyle.SOLID, false, 1);
  }

  /** As an outline. */
  public Mark asOutline() {
    return new Mark(color, marker, line, true, size);
  }

  /** With another sign. */
  public Mark with(Marker other) {
    return new Mark(color, other, line, hollow, size);
  }

  /** With a line that is broken in another way. */
  public Mark with(LineStyle other) {
    return new Mark(color, marker, other, hollow, size);
  }

  /** With a sign that is so many times as large. */
  public Mark sized(double factor) {
    return new Mark(color, marker, line, hollow, size * factor);
  }
}
