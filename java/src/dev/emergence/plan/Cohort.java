package dev.emergence.plan;

import dev.emergence.spec.RunConfig;
import java.util.List;
import java.util.Map;

/**
 * Runs of equal tensor shapes and equal cadence, which one worker may train together as replicas. A cohort changes how fast its
 * members are computed, never what they give.
 */
public record Cohort(List<PlannedRun> runs) {
  public Cohort {
    runs = List.copyOf(runs);
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("a cohort needs a run");
    }
  }

  /** What members of a cohort have in common: their identity without seed, repetition and learning rate, which change no shape. */
  static String shapeOf(RunConfig config) {
    Map<String, Object> tree = SpecTree.identityOf(config);
    Map<String, Object> repetition = inner(tree, "repetition");
    repetition.remove("in_context");
    repetition.remove("cross_sample");
    inner(inner(tree, "training"), "optimizer").remove("learning_rate");
    return CanonicalJson.of(tree);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> inner(Map<String, Object> tree, String key) {
    return (Map<String, Object>) tree.get(key);
  }
}
