package dev.emergence.analysis;

import org.apiguardian.api.API;

/**
 * A number read off a run.
 *
 * @param number the number
 * @param censored whether the true number is only known to be larger: the time of a crossing that
 *     had not come by then
 */
@API(status = API.Status.MAINTAINED)
public record Value(double number, boolean censored) {}
