/**
 * Immutable records for all that an experiment file can say: valid or not constructed, and the sole
 * home of defaults.
 *
 * <p>The reader, the JSON Schema, the reference page and a run's identity are all derived from
 * these records by reflection: a new key is a new component with its {@link
 * dev.emergence.spec.Key}, and nothing else.
 */
package dev.emergence.spec;
