package dev.emergence.cli;

import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.PluginFailure;
import dev.emergence.spec.RunConfig;
import dev.emergence.task.KnownLevels;
import dev.emergence.task.Level;
import dev.emergence.task.Replica;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Thresholds that no model can reach, because the best possible prediction is worse: nobody emerges
 * there. Known before training, for losses and accuracies of test sets.
 */
final class OutOfReach {
  /** Tasks whose oracles are asked; each may play thousands of sequences. */
  private static final int MOST_TASKS = 32;

  /**
   * Oracles are estimated, and a test set is a sample: so much of what can be learned is spared.
   */
  private static final double SPARED = 0.02;

  private final KnownLevels known = new KnownLevels();
  private final Map<String, Found> found = new LinkedHashMap<>();
  private final Set<Object> tasks = new HashSet<>();
  private int conditions;

  /** In how many conditions a threshold is out of reach, and the oracle in the first of them. */
  private record Found(double oracle, int conditions) {
    Found and(Found other) {
      return new Found(oracle, conditions + other.conditions);
    }
  }

  private OutOfReach() {}

  /** A sentence for each threshold that some conditions cannot reach. */
  static List<String> warnings(Plan plan) {
    OutOfReach out = new OutOfReach();
    Set<String> seen = new HashSet<>();
    for (Assignment a : plan.assignments()) {
      if (seen.add(a.condition().sweep() + "[" + a.index() + "]")) {
        out.look(a.own().config(), a.own().seed());
      }
    }
    return out.sentences();
  }

  private void look(RunConfig config, int seed) {
    if (tasks.size() == MOST_TASKS && !tasks.contains(config.task())) {
      return;
    }
    tasks.add(config.task());
    conditions++;
    config
        .measurement()
        .thresholds()
        .forEach(
            (name, level) -> {
              String said = name + " (" + said(level) + ")";
              missed(level, config, seed)
                  .ifPresent(oracle -> found.merge(said, new Found(oracle, 1), Found::and));
            });
  }

  /** What the oracle reaches where that is not enough. */
  private Optional<Double> missed(Threshold level, RunConfig config, int seed) {
    int dot = level.metric().lastIndexOf('.');
    boolean plain = dot > 0 && level.relativeTo() == Relative.ABSOLUTE;
    if (!plain || !config.measurement().testSets().containsKey(level.metric().substring(0, dot))) {
      return Optional.empty();
    }
    List<Level> levels;
    try {
      levels = known.of(new Replica(config, seed), level.metric().substring(0, dot));
    } catch (PluginFailure e) {
      return Optional.empty(); // The run says so where it is trained.
    }
    String metric = level.metric().substring(dot + 1);
    Optional<Double> oracle = value("oracle", metric, levels);
    Optional<Double> blind = value("blind", metric, levels);
    if (oracle.isEmpty() || blind.isEmpty()) {
      return Optional.empty();
    }
    double spared = SPARED * Math.abs(blind.get() - oracle.get());
    // A rise of a loss, or a fall of an accuracy, must have been on the good side of from.
    Optional<Double> wanted =
        (metric.equals("loss") ? level.below() : level.above()).or(level::from);
    double better = metric.equals("loss") ? -1 : 1;
    return wanted.filter(x -> better * (x - oracle.get()) > spared).flatMap(x -> oracle);
  }

  private static Optional<Double> value(String name, String metric, List<Level> levels) {
    return levels.stream()
        .filter(l -> l.name().equals(name) && l.metric().equals(metric))
        .map(Level::value)
        .findFirst();
  }

  private static String said(Threshold level) {
    return level.metric()
        + level.below().map(b -> " below " + Numbers.value(b)).orElse("")
        + level.above().map(a -> " above " + Numbers.value(a)).orElse("")
        + level.from().map(f -> ", from " + Numbers.value(f)).orElse("");
  }

  private List<String> sentences() {
    List<String> out = new ArrayList<>();
    found.forEach(
        (threshold, where) ->
            out.add(
                "warning: threshold "
                    + threshold
                    + " is out of reach in "
                    + where.conditions()
                    + " of "
                    + conditions
                    + " conditions: the best possible prediction has "
                    + Numbers.text("%.4g", where.oracle())
                    + " (oracle)"));
    return out;
  }
}
