package dev.emergence.execute.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineMemoryTest {
  /** Three runs of 34.5 MiB of parameters and so on, and 112.4 MiB of activations, each. */
  private static final List<PlannedRun> RUNS =
      Yaml.plan(
              """
              dsl: 1
              name: large
              task: {kind: linear_regression, dim: 16, sequence_length: 64}
              architecture: {kind: transformer, layers: 3, heads: 4, embedding_dim: 256, head_dim: 64}
              training: {batch_size: 24, max_steps: 50}
              seeds: 3
              """)
          .runs();

  private static final long ONE = MachineMemory.need(RUNS.get(0));

  @Test
  void runs_that_have_room_together_are_no_matter() {
    assertThat(new MachineMemory(3 * ONE).shortage(RUNS, 3)).isEmpty();
    assertThat(new MachineMemory(ONE).shortage(RUNS, 1)).isEmpty();
    assertThat(new MachineMemory(1).shortage(List.of(), 4)).isEmpty();
  }

  @Test
  void a_shortage_says_the_numbers_and_how_many_runs_have_room() {
    assertThat(new MachineMemory(3 * ONE - 1).shortage(RUNS, 8).orElseThrow())
        .startsWith("warning: memory is expected to run out: 3 runs at a time need up to ")
        .containsPattern(
            "the largest, run [0-9a-f]{16} .* MiB \\(parameters, gradients and moments .* MiB,"
                + " activations of a batch .* MiB, Java .* MiB\\), and this machine has ")
        .endsWith("; use --jobs 2, or a smaller training.batch_size");
  }

  @Test
  void a_run_without_room_needs_another_model_rather_than_fewer_jobs() {
    assertThat(new MachineMemory(ONE - 1).shortage(RUNS, 2).orElseThrow())
        .startsWith("warning: memory is expected to run out: run ")
        .endsWith("; use a smaller training.batch_size or a smaller model");
  }
}
