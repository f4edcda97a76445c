package dev.emergence.execute.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.backend.Devices;
import dev.emergence.execute.device.OperationWork.Products;
import dev.emergence.execute.device.StepOperations.Step;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.tensor.Arithmetic;
import dev.emergence.tensor.Backend;
import org.junit.jupiter.api.Test;

/** The gradient of a bias is read with that of its weight, once. */
class SharedSumsTest {
  private static final Products TF32 = Products.chosen(Arithmetic.TF32);

  private static Step step(Backend backend, int tokens, int batch, boolean own) {
    PlannedRun run =
        Yaml.plan(
                """
                dsl: 1
                name: sums
                task: {kind: linear_regression, dim: 16, sequence_length: %d, relevant_position: random}
                architecture: {kind: transformer, layers: 1, heads: 4, embedding_dim: 256, head_dim: 64,
                  mlp_factor: 4, layer_norm: none, readout: all}
                training: {optimizer: {kind: adam, learning_rate: 1.0e-4}, batch_size: %d, precision: tf32}
                """
                    .formatted(tokens, batch))
            .runs()
            .get(0);
    return StepOperations.of(backend, run.run().config(), run.run().seed(), own);
  }

  private static double elements(Step step) {
    SharedSums sums = SharedSums.of(step, TF32);
    return step.groups().stream().mapToDouble(sums::elements).sum();
  }

  @Test
  void rows_of_every_wide_bias_are_read_once() {
    try (Backend backend = Devices.open("cpu", 1)) {
      Step step = step(backend, 64, 32, true);
      assertThat(elements(step)).isEqualTo(2048.0 * (1024 + 256 + 256 + 768 + 256));
      // In the table, too: without them the same groups would read 21 MB more.
      double groups =
          step.groups().stream()
              .mapToDouble(g -> OperationWork.of(g, GpuRates.load().tile(), TF32).bytes())
              .sum();
      assertThat(groups - StepCost.of(step, 1, TF32).bytes()).isEqualTo(4 * elements(step));
    }
  }

  @Test
  void what_has_a_launch_of_its_own_or_few_rows_is_read_again() {
    try (Backend backend = Devices.open("cpu", 1)) {
      assertThat(elements(step(backend, 64, 32, false))).isZero();
      assertThat(elements(step(backend, 16, 2, true))).isZero();
      assertThat(elements(step(backend, 32, 288, true))).isZero();
    }
  }
}
