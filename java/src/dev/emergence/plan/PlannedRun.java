package dev.emergence.plan;

import java.util.List;
import org.apiguardian.api.API;

/**
 * One run of a plan.
 *
 * @param run configuration, seed and id
 * @param demands the different demands of the conditions that share the run; at least one
 * @param cost its expected cost
 */
@API(status = API.Status.MAINTAINED)
public record PlannedRun(Run run, List<Demand> demands, Cost cost) {
  public PlannedRun {
    demands = List.copyOf(demands);
    if (demands.isEmpty()) {
      throw new IllegalArgumentException("a planned run needs a demand");
    }
  }

  /** The id of the run. */
  public String id() {
    return run.id();
  }
}
