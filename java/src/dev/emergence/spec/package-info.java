/**
 * Immutable records for all that an experiment file can say. Their constructors refuse values that
 * contradict each other, and defaults stand here and nowhere else.
 *
 * <p>The reader, the JSON Schema, the reference page and a run's identity are all derived from
 * these records by reflection. A new key is a new component with its {@link
 * dev.emergence.spec.Key}, and nothing else.
 */
package dev.emergence.spec;
