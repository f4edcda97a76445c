/** Figures, tables, the HTML page; from stored results only. */
package dev.emergence.report;
