package dev.emergence.plan;

import java.util.List;
import org.apiguardian.api.API;

/**
 * One run of a plan.
 *
 * @param run configuration, seed and id
 * @param demands what the conditions that share it ask for: at least one, distinct
 * @param cost what it takes
 */
@API(status = API.Status.MAINTAINED)
public record PlannedRun(Run run, List<Demand> demands, Cost cost) {
  public PlannedRun {
    demands = List.copyOf(demands);
    if (demands.isEmpty()) {
      throw new IllegalArgumentException("a planned run needs a demand");
    }
  }

  /** Its id. */
  public String id() {
    return run.id();
  }
}
