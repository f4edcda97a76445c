package dev.emergence.report.chart;

/** The key of a heat map. */
public record ColorBar(RichText label, ColorScale colors) {}
