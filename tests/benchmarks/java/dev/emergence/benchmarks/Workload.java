package dev.emergence.benchmarks;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TransformerSpec;
import java.util.List;

/**
 * A model and task whose training step is timed. Of the first paper (Zucchet et al. 2025, Table 1):
 * width 256, four heads of 64, MLP of 1024, GELU, causal, last position read out, Adam, batch 32.
 * Of the second (Baherwani et al. 2026): width 128, eight heads of 16, pre-norm, learned positions,
 * every next token predicted, 8,192 tokens a step.
 *
 * @param name as users write the shape: {@code regression 16,16} is T, d; {@code recall 8,32} pairs
 *     and vocabulary; {@code map 16,3} cells and parents; {@code automata 16,16} cells and states
 */
record Workload(String name, RunConfig config) {
  /** Sequences of a batch. */
  private static final int BATCH = 32;

  /** Tokens of a step of the second paper's shapes. */
  private static final int TOKENS = 8192;

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
        recall(32, 256),
        map(16, 3),
        automata(16, 16));
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

  TransformerSpec model() {
    return (TransformerSpec) config.architecture();
  }

  /** Sequences of a step. */
  int batch() {
    return config.training().batchSize();
  }

  /** What is read and predicted. */
  Prediction predicts() {
    return config.task().predicts();
  }

  private static Workload regression(int length, int dim) {
    return new Workload(
        "regression " + length + "," + dim,
        config(
            """
            task: {kind: linear_regression, dim: %d, sequence_length: %d}
            architecture: {kind: transformer, layers: 2}
            """
                .formatted(dim, length),
            BATCH));
  }

  private static Workload recall(int pairs, int tokens) {
    return new Workload(
        "recall " + pairs + "," + tokens,
        config(
            """
            task: {kind: associative_recall, pairs: %d, tokens: %d}
            architecture: {kind: transformer, layers: 4, layer_norm: pre}
            """
                .formatted(pairs, tokens),
            BATCH));
  }

  private static Workload map(int cells, int parents) {
    String task = "{kind: linear_map, cells: %d, parents: %d}".formatted(cells, parents);
    return second("map " + cells + "," + parents, task, 1, TOKENS / (2 * cells));
  }

  private static Workload automata(int cells, int states) {
    String task = "{kind: cellular_automaton, cells: %d, states: %d}".formatted(cells, states);
    return second("automata " + cells + "," + states, task, 4, TOKENS / (cells * states));
  }

  private static Workload second(String name, String task, int layers, int batch) {
    String parts =
        """
        task: %s
        architecture:
          kind: transformer
          layers: %d
          heads: 8
          embedding_dim: 128
          head_dim: 16
          positional_encoding: learned
          layer_norm: pre
          biases: mlp
        """;
    return new Workload(name, config(parts.formatted(task, layers), batch));
  }

  /** A file of the language, so that later keys take their defaults. */
  private static RunConfig config(String parts, int batch) {
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
            .formatted(parts, LEARNING_RATE, batch, batch);
    Reading reading = SpecReader.read("workload.yaml", file, ReadOptions.none());
    return reading.spec().orElseThrow(() -> new IllegalStateException(reading.toText())).base();
  }
}
