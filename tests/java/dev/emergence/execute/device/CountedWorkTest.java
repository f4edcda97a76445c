package dev.emergence.execute.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.reference.ReferenceBackend;
import dev.emergence.tensor.Backend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an architecture says that it takes is near what its steps do: every plan's times rest on it.
 */
class CountedWorkTest {
  /** The mixer's step leaves out the causal half of its weights, which the plan counts. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind: transformer, heads: 4, head_dim: 16 | 1",
        "kind: transformer, heads: 2, head_dim: 64, mlp_factor: 1 | 1",
        "kind: transformer, heads: 2, head_dim: 8, mlp_factor: 0 | 1",
        "kind: linear_attention, heads: 4, head_dim: 16 | 1",
        "kind: gated_delta, heads: 4, head_dim: 16 | 1",
        "kind: diagonal_rnn | 1",
        "kind: mlp_mixer | 0.75"
      })
  void operations_of_a_step_are_about_as_many_as_a_plan_counts(String kind, double share) {
    PlannedRun run =
        Yaml.plan(
                """
                dsl: 1
                name: work
                task: {kind: linear_regression, dim: 32, sequence_length: 48}
                architecture: {%s, layers: 3, embedding_dim: 64, readout: all}
                training: {optimizer: {kind: adam, learning_rate: 1.0e-3}, batch_size: 4, max_steps: 60}
                measurement: {test_sets: {test: {}}}
                """
                    .formatted(kind))
            .runs()
            .get(0);
    try (Backend backend = new ReferenceBackend()) {
      StepCost cost =
          StepCost.of(StepOperations.of(backend, run.run().config(), run.run().seed()), 1);
      assertThat(cost.operations() / run.cost().stepFlops())
          .as(kind)
          .isCloseTo(share, within(0.08));
    }
  }
}
