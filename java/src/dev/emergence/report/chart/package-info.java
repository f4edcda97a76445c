/**
 * Figures as values, painted as SVG, PNG and PDF from one description.
 *
 * <p>Existing chart libraries for Java draw neither symmetric logarithmic axes nor contours and
 * paths on heat maps. All three outputs are painted on one {@link
 * dev.emergence.report.chart.Canvas}. The SVG is written without any font of the machine: text
 * stays text and is anchored where it belongs. Therefore its bytes are the same everywhere.
 */
package dev.emergence.report.chart;
