package dev.emergence.plan;

import dev.emergence.spec.RunConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs of equal tensor shapes and equal cadence, which one worker may train together as replicas,
 * as many at a time as make each cheaper. A cohort changes how fast its members are computed, never
 * what they give.
 */
public record Cohort(List<PlannedRun> runs) {
  public Cohort {
    runs = List.copyOf(runs);
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("a cohort needs a run");
    }
  }

  /** Puts the runs of each shape together, in the order of their first ones. */
  public static List<Cohort> group(List<PlannedRun> runs) {
    Map<String, List<PlannedRun>> shapes = new LinkedHashMap<>();
    for (PlannedRun run : runs) {
      shapes.computeIfAbsent(shapeOf(run.run().config()), shape -> new ArrayList<>()).add(run);
    }
    return shapes.values().stream().map(Cohort::new).toList();
  }

  /** A short text that is equal for runs of equal shapes. */
  public static String digest(RunConfig config) {
    return RunId.digest(shapeOf(config));
  }

  /**
   * What members of a cohort have in common: their identity without seeds, repetition, learning
   * rate and strengths of logit biases, which change no shape.
   */
  static String shapeOf(RunConfig config) {
    Map<String, Object> tree = SpecTree.identityOf(config);
    tree.remove("streams");
    Map<String, Object> repetition = inner(tree, "repetition");
    repetition.remove("in_context");
    repetition.remove("cross_sample");
    repetition.remove("dataset");
    inner(inner(tree, "training"), "optimizer").remove("learning_rate");
    if (inner(tree, "architecture").get("logit_bias") instanceof List<?> biases) {
      biases.forEach(bias -> ((Map<?, ?>) bias).remove("strength"));
    }
    return CanonicalJson.of(tree);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> inner(Map<String, Object> tree, String key) {
    return (Map<String, Object>) tree.get(key);
  }
}
