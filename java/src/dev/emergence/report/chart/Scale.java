package dev.emergence.report.chart;

/** How an axis or a colour bar maps numbers to places. */
public enum Scale {
  LINEAR,
  LOG,
  /** Linear around 0 and logarithmic further out, on both sides. */
  SYMLOG
}
