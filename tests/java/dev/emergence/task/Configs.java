package dev.emergence.task;

import dev.emergence.plan.Yaml;
import dev.emergence.spec.RunConfig;
import java.util.Arrays;
import java.util.Collections;

/** Configurations of small tasks for tests, as users write them. */
final class Configs {
  private static final String REGRESSION =
      """
      dsl: 1
      name: regression
      task: {kind: linear_regression, dim: 4, sequence_length: 8}
      """;

  private static final String RECALL =
      """
      dsl: 1
      name: recall
      task: {kind: associative_recall, pairs: 5, tokens: 12}
      """;

  private static final String PLAIN =
      """
      dsl: 1
      name: plain
      task: %s
      measurement: {test_sets: {test: {}, twin: {}}}
      """;

  private Configs() {}

  /**
   * A task in plain Java, with the test sets that its contract asks for.
   *
   * @param task as in YAML
   */
  static RunConfig plain(String task, String... sets) {
    return Yaml.experiment(PLAIN.formatted(task), sets).base();
  }

  /** The settings, and the test sets that {@link TaskContract} asks for. */
  static String[] withTestSets(String... sets) {
    String[] all = Arrays.copyOf(sets, sets.length + 1);
    all[sets.length] =
        "measurement.test_sets={test: {}, clean: {in_context: 1}, twin: {}, copies: {in_context: 3,"
            + " cross_sample: as_trained}}";
    // The test sets first: settings may change them.
    Collections.rotate(Arrays.asList(all), 1);
    return all;
  }

  /**
   * Linear regression with d = 4, T = 8.
   *
   * @param sets {@code path=value}
   */
  static RunConfig regression(String... sets) {
    return Yaml.experiment(REGRESSION, sets).base();
  }

  /**
   * Recall with 5 pairs of 12 tokens.
   *
   * @param sets {@code path=value}
   */
  static RunConfig recall(String... sets) {
    return Yaml.experiment(RECALL, sets).base();
  }
}
