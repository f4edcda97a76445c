/**
 * An experiment's points, fits and claims, from stored curves.
 *
 * <p>Nothing here trains or keeps state: the same runs always give the same tables.
 */
package dev.emergence.analysis;
