package dev.emergence.plan;

import dev.emergence.spec.RunConfig;
import org.apiguardian.api.API;

/**
 * One training with one resolved configuration and one seed. Sweeps share it: two conditions with
 * equal identity are one run.
 *
 * @param id the first 16 hex digits of the SHA-256 of what decides the result
 * @param config the configuration; keys outside the identity are the most demanding of all
 *     conditions that share the run
 * @param seed the seed; 0 when nothing is drawn at random
 */
@API(status = API.Status.MAINTAINED)
public record Run(String id, RunConfig config, int seed) {}
