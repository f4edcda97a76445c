/** Figures, tables and the report page. They are made from stored results alone. */
package dev.emergence.report;
