package dev.emergence.plan;

import dev.emergence.spec.Condition;
import org.apiguardian.api.API;

/**
 * Which run gives a condition's result for a seed.
 *
 * @param condition the cell of a sweep
 * @param index its place in the sweep, from 0
 * @param seed the seed as the file counts it
 * @param run the run's id; other assignments may have the same one
 */
@API(status = API.Status.MAINTAINED)
public record Assignment(Condition condition, int index, int seed, String run) {}
