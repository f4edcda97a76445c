/**
 * Figures as values, painted as SVG and as PNG from one description.
 *
 * <p>Existing chart libraries for Java draw neither symmetric logarithmic axes nor contours and
 * paths on heat maps. Both outputs come from one {@link dev.emergence.report.chart.Canvas}, and the
 * SVG is written without any font of the machine: text stays text, anchored where it belongs, so
 * that the bytes are the same everywhere.
 */
package dev.emergence.report.chart;
