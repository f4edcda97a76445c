package dev.emergence.execute.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.backend.CudaUnderTest;
import dev.emergence.backend.Devices;
import dev.emergence.execute.device.OperationWork.Products;
import dev.emergence.execute.device.StepOperations.Operation;
import dev.emergence.execute.device.StepOperations.Step;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.tensor.Arithmetic;
import dev.emergence.tensor.Backend;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The steps of the benchmark's models: how many kernels they are, and what a model says of them.
 */
class StepCostTest {
  /** As the benchmark of GPUs has it. */
  private static String regression(int length, int dim, String precision) {
    return """
    dsl: 1
    name: bench
    task: {kind: linear_regression, dim: %d, sequence_length: %d, relevant_position: random, relevant_feature: true}
    architecture: {kind: transformer, layers: 2, heads: 4, embedding_dim: 256, head_dim: 64, mlp_factor: 4, layer_norm: none, readout: last}
    training: {optimizer: {kind: adam, learning_rate: 1.0e-4}, batch_size: 32, max_steps: 50, precision: %s}
    measurement: {evaluate_every: 50, evaluate_samples: 32, test_sets: {test: {cross_sample: 0.0}}}
    """
        .formatted(dim, length, precision);
  }

  /** As the benchmark of GPUs has it. */
  private static String recall(int pairs, int tokens, String precision) {
    return """
    dsl: 1
    name: bench
    task: {kind: associative_recall, pairs: %d, tokens: %d, query_placement: at_least_one}
    architecture: {kind: transformer, layers: 4, heads: 4, embedding_dim: 256, head_dim: 64, mlp_factor: 4, layer_norm: pre, readout: last,
      token_initialization: normal}
    training: {optimizer: {kind: adam, learning_rate: 1.0e-4}, batch_size: 32, max_steps: 50, precision: %s}
    measurement: {evaluate_every: 50, evaluate_samples: 32, test_sets: {test: {cross_sample: 0.0}}}
    """
        .formatted(pairs, tokens, precision);
  }

  private static PlannedRun run(String model) {
    return run(model, "float32");
  }

  static PlannedRun run(String model, String precision) {
    String text =
        switch (model) {
          case "LR T16" -> regression(16, 16, precision);
          case "LR T64" -> regression(64, 32, precision);
          case "LR T256" -> regression(256, 64, precision);
          case "AR 32" -> recall(32, 256, precision);
          default -> throw new IllegalArgumentException(model);
        };
    return Yaml.plan(text).runs().get(0);
  }

  private static Step step(Backend backend, PlannedRun run) {
    return StepOperations.of(backend, run.run().config(), run.run().seed());
  }

  private static Step stepByLibrary(Backend backend, PlannedRun run) {
    return StepOperations.of(backend, run.run().config(), run.run().seed(), false);
  }

  /**
   * What a GPU is given, counted in the captured graph; the model's count must be the same. Fewer
   * are better: lower the number here with the change that does it.
   */
  @ParameterizedTest
  @CsvSource({
    "LR T16, 70, 32, float32, own",
    "LR T256, 84, 42, float32, own",
    "AR 32, 131, 67, float32, own",
    "LR T16, 70, 32, float32, library",
    "LR T256, 84, 42, float32, library",
    "AR 32, 131, 67, float32, library",
    "LR T16, 70, 32, tf32, own",
    "LR T256, 84, 42, tf32, own",
    "AR 32, 131, 67, bf16, own",
    "LR T16, 70, 32, tf32, library",
    "LR T256, 84, 42, tf32, library",
    "AR 32, 131, 67, tf32, library",
    "AR 32, 131, 67, bf16, library",
    "LR T16, 70, 57, tf32, library alone",
    "LR T256, 84, 66, tf32, library alone",
    "AR 32, 131, 101, tf32, library alone"
  })
  void a_step_is_so_many_operations_and_kernels(
      String model, int operations, int kernels, String precision, String products) {
    boolean own = products.equals("own");
    // A CPU tells what a GPU with the library would join; the stand-in would multiply every shape.
    try (Backend backend = own ? CudaUnderTest.emulated() : Devices.open("cpu", 1)) {
      PlannedRun run = run(model, precision);
      boolean alone = products.equals("library alone");
      Step step = alone ? stepByLibrary(backend, run) : step(backend, run);
      assertThat(step.operations()).hasSize(operations);
      if (own) {
        assertThat(step.launches()).isEqualTo(kernels);
      }
      assertThat(StepCost.of(step, 1).launches()).isEqualTo(kernels);
    }
  }

  @Test
  void operations_and_bytes_of_a_step_are_those_counted_by_hand() {
    try (Backend backend = CudaUnderTest.emulated()) {
      StepCost cost = StepCost.of(step(backend, run("LR T16")), 1);
      // Products: 6 m n k of each layer's weights for every row that is computed.
      assertThat(cost.operations() / 1e9).isCloseTo(3.0, within(0.3));
      assertThat(cost.bytes() / 1e6).isCloseTo(136, within(20.0));
      StepCost.Line adam = line(cost, "learningRate, adam, advance");
      assertThat(adam.launches()).isEqualTo(1);
      assertThat(adam.bytes() / 28).isBetween(1.5e6, 1.7e6);
      assertThat(adam.decides()).isEqualTo("bytes");
      assertThat(line(cost, "squaredError, mean, watch").decides()).isEqualTo("launch");
    }
  }

  /** A row is read with its bias and residual, its sum is kept, and what layer norm makes of it. */
  @Test
  void what_one_operation_leaves_to_the_next_is_not_read_again() {
    try (Backend backend = Devices.open("cpu", 1)) {
      Step step = stepByLibrary(backend, run("AR 32", "tf32"));
      List<List<Operation>> apart = step.operations().stream().map(List::of).toList();
      StepCost joined = StepCost.of(step, 1);
      StepCost alone = StepCost.of(new Step(apart, step.arithmetic(), 0), 1);
      assertThat(alone.launches()).isEqualTo(140);
      assertThat(alone.bytes()).isGreaterThan(joined.bytes());
      StepCost.Line normed = line(joined, "biasResidual, layerNorm");
      StepCost.Line taken = line(joined, "biasResidual, layerNorm, takeTokens, takeTokens");
      double rows = 32.0 * 65 * 256;
      // Six of 65 tokens, two of the last one: y, residual, sum and norm of each number.
      assertThat((normed.bytes() + taken.bytes()) / (16 * rows)).isBetween(6.0, 8.0);
    }
  }

  private static StepCost.Line line(StepCost cost, String operation) {
    return cost.lines().stream()
        .filter(l -> l.operation().equals(operation))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void many_replicas_share_the_launches_and_have_their_own_bytes() {
    try (Backend backend = Devices.open("cpu", 1)) {
      Step step = step(backend, run("LR T16", "tf32"));
      StepCost one = StepCost.of(step, 1);
      StepCost many = StepCost.of(step, 32);
      assertThat(many.launches()).isEqualTo(one.launches());
      assertThat(many.bytes()).isEqualTo(32 * one.bytes());
      assertThat(many.operations()).isEqualTo(32 * one.operations());
      assertThat(many.seconds(0)).isBetween(one.seconds(0), 32 * one.seconds(0) / 2);
      assertThat(one.seconds(0)).isGreaterThan(35 * GpuRates.load().launchSeconds());
    }
  }

  @Test
  void a_faster_arithmetic_makes_products_cheaper_and_nothing_else() {
    try (Backend backend = CudaUnderTest.emulated()) {
      List<List<Operation>> apart =
          step(backend, run("LR T256")).operations().stream().map(List::of).toList();
      Step tf32 = new Step(apart, Arithmetic.TF32, 0);
      StepCost slow = StepCost.of(new Step(apart, Arithmetic.FLOAT32, 0), 1);
      StepCost fast = StepCost.of(tf32, 1);
      for (int i = 0; i < slow.lines().size(); i++) {
        StepCost.Line line = slow.lines().get(i);
        if (line.operation().startsWith("gemm") || line.operation().startsWith("attention")) {
          assertThat(fast.lines().get(i).seconds().get(0))
              .as(line.operation())
              .isLessThan(line.seconds().get(0));
        } else {
          assertThat(fast.lines().get(i)).isEqualTo(line);
        }
      }
    }
  }

  /**
   * They are chosen by shapes alone, so for many replicas as for one. With rates that were measured
   * many replicas fill a GPU by the library's kernels too, and lose a little by ours.
   */
  @ParameterizedTest
  @ValueSource(strings = {"float32", "tf32", "bf16"})
  void our_own_products_are_predicted_to_help_one_run_and_to_cost_many_little(String precision) {
    for (String model : List.of("LR T16", "LR T256", "AR 32")) {
      try (Backend backend = Devices.open("cpu", 1)) {
        Step own = step(backend, run(model, precision));
        Step library = stepByLibrary(backend, run(model, precision));
        for (int replicas : List.of(1, 4, 32)) {
          double most = replicas == 1 ? 1 : 1.2;
          assertThat(StepCost.of(own, replicas).seconds(0))
              .as("%s, %d replicas", model, replicas)
              .isLessThan(most * StepCost.of(library, replicas, Products.LIBRARY).seconds(0));
        }
      }
    }
  }

  @Test
  void every_gpu_of_the_rates_is_complete() {
    GpuRates rates = GpuRates.load();
    assertThat(rates.gpus()).isNotEmpty();
    for (String gpu : rates.gpus()) {
      assertThat(rates.name(gpu)).isNotBlank();
      assertThat(rates.multiprocessors(gpu)).isPositive();
      for (Arithmetic arithmetic : Arithmetic.values()) {
        assertThat(rates.operationsPerSecond(gpu, "gemm", arithmetic)).isPositive();
        assertThat(rates.operationsPerSecond(gpu, "anything", arithmetic)).isPositive();
      }
      assertThat(rates.bytesPerSecond(gpu, "anything")).isPositive();
    }
  }
}
