package dev.emergence.report.chart;

import java.awt.Color;

/**
 * How text is written.
 *
 * @param size font size in units
 * @param turn degrees from level, against the clock: 90 runs from bottom to top
 */
record TextStyle(double size, Color color, Anchor anchor, double turn, boolean bold) {

  /** Which point of the text stands at the place given. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  static TextStyle of(double size, Anchor anchor) {
    return new TextStyle(size, Palette.TEXT, anchor, 0, false);
  }

  TextStyle turnedUp() {
    return turned(90);
  }

  TextStyle turned(double degrees) {
    return new TextStyle(size, color, anchor, degrees, bold);
  }

  TextStyle inBold() {
    return new TextStyle(size, color, anchor, turn, true);
  }

  TextStyle in(Color other) {
    return new TextStyle(size, other, anchor, turn, bold);
  }
}
