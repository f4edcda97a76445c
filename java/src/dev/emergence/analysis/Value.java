package dev.emergence.analysis;

/**
 * A number read off a run.
 *
 * @param number the number
 * @param censored whether the true number is only known to be larger: the time of a crossing that
 *     had not come by then
 */
public record Value(double number, boolean censored) {}
