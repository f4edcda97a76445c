package dev.emergence.plan;

import dev.emergence.spec.MeasurementSpec.Stop;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.RunConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a condition sees a run that others may share: up to where, and by which thresholds. Studies
 * find the same in one run for conditions that see it alike.
 *
 * @param maxSteps last step at which the condition ends
 * @param stop when it ends earlier
 * @param thresholds by name
 */
public record Sight(long maxSteps, Stop stop, Map<String, Threshold> thresholds) {
  public Sight {
    thresholds = Map.copyOf(thresholds);
  }

  /** That of a condition's configuration. */
  public static Sight of(RunConfig config) {
    return new Sight(
        config.training().maxSteps(),
        config.measurement().stop(),
        config.measurement().thresholds());
  }

  /** As a tree of names and values, equal for equal ones. */
  public Map<String, Object> tree() {
    Map<String, Object> levels = new LinkedHashMap<>();
    thresholds.forEach((name, threshold) -> levels.put(name, SpecTree.of(threshold)));
    return Map.of("max_steps", maxSteps, "stop", SpecTree.of(stop), "thresholds", levels);
  }
}
