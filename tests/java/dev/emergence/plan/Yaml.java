package dev.emergence.plan;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.RunConfig;

/** Small experiments for tests, as users write them. */
public final class Yaml {
  /** Two sweeps that share the condition d = 4, B = 1; two seeds. */
  public static final String TINY =
      """
      dsl: 1
      name: tiny
      task: {kind: linear_regression, dim: 4, sequence_length: 8}
      architecture: {kind: transformer, layers: 1, heads: 1, embedding_dim: 8, head_dim: 8, mlp_factor: 1}
      training: {optimizer: {kind: adam, learning_rate: 1.0e-3}, batch_size: 4, max_steps: 60}
      measurement:
        evaluate_every: 10
        evaluate_samples: 16
        test_sets:
          test: {cross_sample: 0.0}
        thresholds:
          plateau: {metric: test.loss, below: 0.3}
        stop: {when: plateau, extra: 50%}
      seeds: {first: 3, count: 2}
      sweeps:
        sizes:
          grid: {task.dim: [4, 6]}
        copies:
          grid: {repetition.in_context: [1, 2]}
      """;

  private Yaml() {}

  /**
   * An experiment, which must be valid.
   *
   * @param sets {@code path=value} as on the command line
   */
  public static ExperimentSpec experiment(String yaml, String... sets) {
    Reading reading = SpecReader.read("test.yaml", yaml, ReadOptions.none().withSets(sets));
    return reading.spec().orElseThrow(() -> new AssertionError(reading.toText()));
  }

  /** The plan of {@link #experiment}. */
  public static Plan plan(String yaml, String... sets) {
    return Planner.plan(experiment(yaml, sets));
  }

  /** The base configuration of {@link #TINY}. */
  public static RunConfig tiny(String... sets) {
    return experiment(TINY, sets).base();
  }
}
