package dev.emergence.task;

import dev.emergence.spec.RunConfig;

/**
 * One of the runs that are trained together.
 *
 * @param config its configuration
 * @param seed decides all that is drawn for it
 */
public record Replica(RunConfig config, int seed) {}
