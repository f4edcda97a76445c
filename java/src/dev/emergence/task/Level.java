package dev.emergence.task;

import org.apiguardian.api.API;

/**
 * A reference value of a metric: the best possible value, or the value that a simple strategy
 * reaches.
 *
 * @param name {@code oracle} for the best possible value, or the name of a strategy such as {@code
 *     blind} or {@code in_context}
 * @param metric {@code loss} (in nats for classes) or {@code accuracy}
 * @param value expected value of the metric over the distribution
 * @param doc how the value is reached, in a sentence
 */
@API(status = API.Status.EXPERIMENTAL)
public record Level(String name, String metric, double value, String doc) {}
