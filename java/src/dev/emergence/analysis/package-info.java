/**
 * An experiment's points, fits and claims from stored curves.
 *
 * <p>Nothing here trains or remembers: the same runs give the same tables, as often as wanted.
 */
package dev.emergence.analysis;
