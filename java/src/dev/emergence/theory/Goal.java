package dev.emergence.theory;

import dev.emergence.spec.MeasurementSpec.Stop;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.RunConfig;
import java.util.Map;

/**
 * What somebody wants of a run beyond what it is: how far it goes, and which levels are located.
 * Conditions that share a run have a goal each.
 *
 * @param end latest time or step
 * @param thresholds levels to locate, by name
 * @param stop when the run may end earlier
 */
public record Goal(double end, Map<String, Threshold> thresholds, Stop stop) {
  public Goal {
    for (String name : stop.thresholds()) {
      if (!thresholds.containsKey(name)) {
        throw new IllegalArgumentException(
            "the run stops after '"
                + name
                + "', which is no threshold; known: "
                + thresholds.keySet());
      }
    }
    if (!(end >= 0) || Double.isInfinite(end)) {
      throw new IllegalArgumentException(
          "a run must end at a finite time of at least 0, got " + end);
    }
  }

  /**
   * The goal that a configuration states: until {@code max_time} for a gradient flow, else until
   * {@code max_steps}.
   */
  public static Goal of(RunConfig config) {
    boolean flow = config.training().optimizer().inTime();
    double end = flow ? config.training().maxTime() : config.training().maxSteps();
    return new Goal(end, config.measurement().thresholds(), config.measurement().stop());
  }
}
