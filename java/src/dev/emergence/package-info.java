/**
 * Experiments from Java: {@link dev.emergence.Experiment} reads a file, runs it and gives its
 * {@link dev.emergence.Results}. The packages below can be used on their own, and promise less.
 */
package dev.emergence;
