package dev.emergence.report;

import dev.emergence.report.chart.Figure;

/**
 * A figure with the numbers behind it.
 *
 * @param csv a table with a header line: what was drawn, in columns with names
 */
public record Drawing(Figure figure, String csv) {}
