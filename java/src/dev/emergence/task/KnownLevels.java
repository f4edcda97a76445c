package dev.emergence.task;

import dev.emergence.spec.PluginFailure;
import dev.emergence.spec.RunConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Levels of runs, each estimated once: an oracle may play thousands of sequences for them. Runs
 * that differ in nothing that decides their levels share them, such as those of other learning
 * rates and, but for the reduced toy model, other architectures.
 *
 * <p>Not thread-safe.
 */
public final class KnownLevels {
  private final Map<Decides, Found> known = new HashMap<>();

  /** What decides the levels of a run on a test set; the rest of its configuration does not. */
  private record Decides(
      Object task,
      boolean reduced,
      Object repetition,
      Object testSets,
      Object streams,
      int seed,
      String testSet) {
    static Decides of(Replica run, String testSet) {
      RunConfig c = run.config();
      return new Decides(
          c.task(),
          LinearRegressionTask.isReduced(c),
          c.repetition(),
          c.measurement().testSets(),
          c.streams(),
          run.seed(),
          testSet);
    }
  }

  /** The levels, or why there are none. */
  private record Found(List<Level> levels, Optional<PluginFailure> failure) {}

  /**
   * As {@link Tasks#levels} has them.
   *
   * @throws PluginFailure when the task is a plug-in's, and its code fails
   */
  public List<Level> of(Replica run, String testSet) {
    Decides decides = Decides.of(run, testSet);
    Found found = known.get(decides);
    if (found == null) {
      found = estimate(run, testSet);
      known.put(decides, found);
    }
    if (found.failure().isPresent()) {
      throw found.failure().get();
    }
    return found.levels();
  }

  private static Found estimate(Replica run, String testSet) {
    try {
      return new Found(Tasks.levels(run, testSet), Optional.empty());
    } catch (PluginFailure e) {
      return new Found(List.of(), Optional.of(e));
    }
  }
}
