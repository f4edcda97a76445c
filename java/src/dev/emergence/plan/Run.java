package dev.emergence.plan;

import dev.emergence.spec.RunConfig;
import org.apiguardian.api.API;

/**
 * One training with one complete configuration and one seed. Conditions whose configurations decide
 * the same result share a run.
 *
 * @param id the first 16 hexadecimal digits of the SHA-256 of what decides the result
 * @param config the configuration. Keys that do not decide the result have the most demanding value
 *     of all conditions that share the run.
 * @param seed the seed; 0 when nothing is drawn at random
 */
@API(status = API.Status.MAINTAINED)
public record Run(String id, RunConfig config, int seed) {}
