package dev.emergence.task;

import dev.emergence.spec.Alike;
import dev.emergence.spec.MeasurementSpec.TestSet;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** What replicas of one task must have in common. */
final class Cohort {
  private Cohort() {}

  static void requireEqualShapes(List<Replica> replicas) {
    if (replicas.isEmpty()) {
      throw new IllegalArgumentException("a task needs at least one replica");
    }
    requireEqual(replicas, "task", RunConfig::task);
    requireEqual(replicas, "repetition.repeated_tokens", c -> c.repetition().repeatedTokens());
    requireEqual(
        replicas, "measurement.test_sets (names, query_placement and prompts)", Cohort::sets);
  }

  /**
   * Puts a run in the place of another one.
   *
   * @throws IllegalArgumentException naming what differs between it and the others
   */
  static void enter(List<Replica> replicas, int place, Replica run) {
    requireEqualShapes(List.of(replicas.get(0), run));
    replicas.set(place, run);
  }

  private static Map<String, String> sets(RunConfig config) {
    Map<String, String> sets = new TreeMap<>();
    config
        .measurement()
        .testSets()
        .forEach(
            (name, set) ->
                sets.put(
                    name,
                    set.queryPlacement().map(Enum::name).orElse("as_trained")
                        + set.prompts().map(prompts -> ", prompts " + prompts).orElse("")));
    return sets;
  }

  private static void requireEqual(
      List<Replica> replicas, String what, Function<RunConfig, Object> value) {
    Alike.require("task", replicas.stream().map(Replica::config).toList(), what, value);
  }

  /** B of a test set. */
  static int inContext(Replica replica, String testSet) {
    return testSet(replica, testSet).inContext().orElse(replica.config().repetition().inContext());
  }

  /** p of a test set. */
  static double crossSample(Replica replica, String testSet) {
    return testSet(replica, testSet)
        .crossSample()
        .orElse(replica.config().repetition().crossSample());
  }

  /** Query placement of a test set. */
  static TaskSpec.QueryPlacement placement(Replica replica, String testSet) {
    TaskSpec.AssociativeRecall task = (TaskSpec.AssociativeRecall) replica.config().task();
    return testSet(replica, testSet).queryPlacement().orElse(task.queryPlacement());
  }

  /**
   * The prompt set that a test set asks with, if it does.
   *
   * @throws IllegalArgumentException naming the known ones, when there is no such test set
   */
  static Optional<String> prompts(Replica replica, String testSet) {
    return testSet(replica, testSet).prompts();
  }

  /** The task whose sequences a test set has. */
  static TaskSpec task(Replica replica, String testSet) {
    return replica.config().task().inTest(testSet(replica, testSet));
  }

  private static TestSet testSet(Replica replica, String name) {
    Map<String, TestSet> known = replica.config().measurement().testSets();
    TestSet found = known.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "unknown test set '"
              + name
              + "'; known: "
              + String.join(", ", new TreeMap<>(known).keySet()));
    }
    return found;
  }
}
