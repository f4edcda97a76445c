package dev.emergence.task;

import org.apiguardian.api.API;

/**
 * A value of a metric that means something: what perfect knowledge reaches, or a way of guessing.
 *
 * @param name {@code oracle}, {@code blind}, {@code in_context}, ...
 * @param metric {@code loss} or {@code accuracy}
 * @param value expected value of the metric over the distribution
 * @param doc in a sentence, how it is reached
 */
@API(status = API.Status.EXPERIMENTAL)
public record Level(String name, String metric, double value, String doc) {}
