/**
 * Experiments from Java. {@link dev.emergence.Experiment} reads a file, or a {@link
 * dev.emergence.Spec} that a program puts together, runs it and gives its {@link
 * dev.emergence.Results}.
 *
 * <p>Types marked {@code @API(status = MAINTAINED)}, here and in the packages below, keep their
 * form within {@code 0.1}. Those marked {@code EXPERIMENTAL}, for tasks and measures of one's own,
 * may change with notice in {@code emergence explain changes}. All other types are public only
 * because our own packages use them.
 */
package dev.emergence;
