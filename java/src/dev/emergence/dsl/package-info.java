/**
 * YAML to {@link dev.emergence.spec.ExperimentSpec}, every value with file, line, column and
 * origin; the sole user of the YAML library.
 */
package dev.emergence.dsl;
