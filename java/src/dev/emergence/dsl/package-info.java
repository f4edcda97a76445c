/**
 * Experiment files to {@link dev.emergence.spec.ExperimentSpec}, every value with file, line,
 * column and origin. The packages below do one step each.
 */
package dev.emergence.dsl;
