package dev.emergence.analysis;

import org.apiguardian.api.API;

/**
 * A number that a run gives.
 *
 * @param number the number
 * @param censored whether the true number is only known to be larger, such as the time of a
 *     crossing that has not happened yet
 */
@API(status = API.Status.MAINTAINED)
public record Value(double number, boolean censored) {}
