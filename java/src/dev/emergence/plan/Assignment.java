package dev.emergence.plan;

import dev.emergence.spec.Condition;
import org.apiguardian.api.API;

/**
 * Says which run gives the result of a condition and a seed.
 *
 * @param condition a condition of a sweep
 * @param index the condition's place in the sweep, from 0
 * @param seed the seed, as written in the file
 * @param run the id of the run; several assignments may share it
 */
@API(status = API.Status.MAINTAINED)
public record Assignment(Condition condition, int index, int seed, String run) {}
