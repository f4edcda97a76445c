/**
 * Fits of power laws. Times go in, censored ones marked as such; parameters with intervals come
 * out.
 *
 * <p>Depends on nothing else of the project. A fit that the data cannot decide is refused with its
 * reason, as a value.
 */
package dev.emergence.fit;
