package dev.emergence.benchmarks;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import dev.emergence.spec.ArchitectureSpec.Transformer;
import dev.emergence.spec.RunConfig;
import java.util.List;

/**
 * A model and task of the first paper (Zucchet et al. 2025, Table 1) whose training step is timed:
 * width 256, four heads of 64, MLP of 1024, GELU, causal, last position read out, Adam, batch 32.
 *
 * @param name as users write the shape: {@code regression 16,16} is T, d; {@code recall 8,32} pairs
 *     and vocabulary
 */
record Workload(String name, RunConfig config) {
  /** Sequences of a batch. */
  static final int BATCH = 32;

  /** The seed of weights and data. */
  static final int SEED = 1;

  /** Adam's. */
  static final double LEARNING_RATE = 1e-4;

  /** All that are measured. */
  static List<Workload> all() {
    return List.of(
        regression(16, 16),
        regression(64, 32),
        regression(256, 64),
        recall(8, 32),
        recall(32, 256));
  }

  /** The workload of a name. @throws IllegalArgumentException naming the known ones */
  static Workload of(String name) {
    return all().stream()
        .filter(w -> w.name.equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no workload '"
                        + name
                        + "'; known: "
                        + all().stream().map(Workload::name).toList()));
  }

  Transformer model() {
    return (Transformer) config.architecture();
  }

  private static Workload regression(int length, int dim) {
    return new Workload(
        "regression " + length + "," + dim,
        config(
            """
            task: {kind: linear_regression, dim: %d, sequence_length: %d}
            architecture: {kind: transformer, layers: 2}
            """
                .formatted(dim, length)));
  }

  private static Workload recall(int pairs, int tokens) {
    return new Workload(
        "recall " + pairs + "," + tokens,
        config(
            """
            task: {kind: associative_recall, pairs: %d, tokens: %d}
            architecture: {kind: transformer, layers: 4, layer_norm: pre}
            """
                .formatted(pairs, tokens)));
  }

  /** A file of the language, so that later keys take their defaults. */
  private static RunConfig config(String parts) {
    String file =
        """
        dsl: 1
        name: workload
        %straining:
          optimizer: {kind: adam, learning_rate: %s}
          batch_size: %d
          max_steps: 50000
        measurement: {evaluate_samples: %d}
        """
            .formatted(parts, LEARNING_RATE, BATCH, BATCH);
    Reading reading = SpecReader.read("workload.yaml", file, ReadOptions.none());
    return reading.spec().orElseThrow(() -> new IllegalStateException(reading.toText())).base();
  }
}
