/**
 * Experiments from Java. {@link dev.emergence.Experiment} reads a file, or a {@link
 * dev.emergence.Spec} that a program builds. It runs the experiment and returns its {@link
 * dev.emergence.Results}.
 *
 * <p>Types marked {@code @API(status = MAINTAINED)}, here and in other packages, keep working
 * within {@code 0.1}. Types marked {@code EXPERIMENTAL} are for tasks and measures of your own.
 * They may change; {@code emergence explain changes} then says how. All other types are public only
 * because our own packages use them.
 */
package dev.emergence;
