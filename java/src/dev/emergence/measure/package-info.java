/** Metrics, probes, thresholds, and emergence: what is read off a training and its curves. */
package dev.emergence.measure;
