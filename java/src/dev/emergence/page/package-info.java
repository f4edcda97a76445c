/**
 * The data and the page with which a browser shows a results folder: served live by {@link
 * dev.emergence.watch}, or written into one file as the report.
 */
package dev.emergence.page;
