package dev.emergence.report.chart;

/** A mark on an axis; minor ones have no label. */
record Tick(double value, RichText label) {
  static Tick minor(double value) {
    return new Tick(value, RichText.EMPTY);
  }

  boolean labelled() {
    return !label.isEmpty();
  }
}
