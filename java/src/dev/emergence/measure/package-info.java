/** Thresholds and emergence, read off stored curves; and where a run ends. */
package dev.emergence.measure;
