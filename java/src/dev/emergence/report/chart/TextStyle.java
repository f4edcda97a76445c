package dev.emergence.report.chart;

import java.awt.Color;

/**
 * How text is written.
 *
 * @param upward whether it runs from bottom to top
 */
record TextStyle(double size, Color color, Anchor anchor, boolean upward, boolean bold) {
  static final double TICK = 10.5;
  static final double LABEL = 12;
  static final double NOTE = 9.5;

  /** Which point of the text stands at the place given. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  static TextStyle of(double size, Anchor anchor) {
    return new TextStyle(size, Palette.TEXT, anchor, false, false);
  }

  TextStyle turnedUp() {
    return new TextStyle(size, color, anchor, true, bold);
  }

  TextStyle inBold() {
    return new TextStyle(size, color, anchor, upward, true);
  }

  TextStyle in(Color other) {
    return new TextStyle(size, other, anchor, upward, bold);
  }
}
