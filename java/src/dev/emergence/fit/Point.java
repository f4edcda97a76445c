package dev.emergence.fit;

/**
 * One measured time.
 *
 * @param condition index of its condition, a row of the design
 * @param seed its seed; equal seeds are resampled together
 * @param time when it emerged; for a censored point the last time at which it had not
 * @param censored whether it had not emerged by {@code time}
 */
public record Point(int condition, int seed, double time, boolean censored) {}
