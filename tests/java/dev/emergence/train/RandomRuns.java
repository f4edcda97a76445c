package dev.emergence.train;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.plan.Yaml;
import dev.emergence.spec.RunConfig;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Small runs that combine options of all sections of a file at random, as users write them. */
final class RandomRuns {
  private static final List<String> REPEATING =
      List.of(
          "kind: linear_regression, dim: 3, sequence_length: 5",
          "kind: linear_regression, dim: 2, sequence_length: 4, relevant_position: fixed,"
              + " relevant_feature: false",
          "kind: associative_recall, pairs: 3, tokens: 8");

  private static final List<String> PLAIN =
      List.of(
          "kind: linear_map, cells: 3, parents: 2, row_zipf: 1",
          "kind: multi_query_recall, pairs: 3, queries: 2, keys: 6, values: 4",
          "kind: in_context_classification, pairs: 2, classes: 8, labels: 4, dim: 3",
          "kind: markov_chain, symbols: 3, sequence_length: 7",
          "kind: modular_addition, modulus: 7",
          "kind: window_sum, numbers: 4, modulus: 5");

  private static final List<String> MIXERS =
      List.of(
          "kind: mlp_mixer, form: static",
          "kind: mlp_mixer, form: multi_map, groups: 2",
          "kind: mlp_mixer, form: token_mlp, expansion: 2",
          "kind: linear_attention, heads: 2, head_dim: 3",
          "kind: linear_attention, heads: 2, head_dim: 3, feature: elu, normalised: true",
          "kind: gated_delta, heads: 2, head_dim: 3",
          "kind: diagonal_rnn, gate: none",
          "kind: diagonal_rnn, gate: input");

  private final Random random;

  private RandomRuns(int seed) {
    random = new Random(seed);
  }

  /**
   * Files, each another one. What a file may not combine is drawn again.
   *
   * @param seed decides them
   */
  static Stream<String> files(int seed, int count) {
    RandomRuns runs = new RandomRuns(seed);
    return Stream.generate(runs::file)
        .filter(text -> SpecReader.read("random.yaml", text, ReadOptions.none()).isValid())
        .limit(count);
  }

  /**
   * The configuration of a file.
   *
   * @param sets {@code path=value} in place of what the file says
   */
  static RunConfig config(String file, String... sets) {
    return Yaml.experiment(file, sets).base();
  }

  private String file() {
    boolean repeats = random.nextInt(3) == 0;
    return String.join(
        "\n",
        "dsl: 1",
        "name: random",
        "task: {" + (repeats ? one(REPEATING) : one(PLAIN)) + "}",
        repeats ? "repetition: {" + repetition() + "}" : "",
        "architecture: {" + (random.nextBoolean() ? softmax() : mixer()) + ", " + stack() + "}",
        "training: {" + training() + "}",
        "measurement: {evaluate_samples: 5, " + key("evaluate_every", "1", "2") + "}",
        "");
  }

  private String repetition() {
    return String.join(
        ", ",
        key("in_context", "1", "2"),
        key("cross_sample", "0.0", "0.5"),
        key("dataset", "endless", "9"),
        key(
            "changes",
            "[]",
            "[{at: 2, in_context: 2}]",
            "[{at: 1, cross_sample: 0.7}, {at: 4, in_context: 3}]"));
  }

  private String stack() {
    return String.join(
        ", ",
        key("layers", "1", "2"),
        key("embedding_dim", "6", "8"),
        key("mlp_factor", "0", "1", "2"),
        key("layer_norm", "none", "pre", "post"),
        key("activation", "gelu", "relu"),
        key("readout", "auto", "auto", "all", "mean"),
        key("initialization", "uniform_fan_in", "lecun_normal"),
        key("token_initialization", "normal", "linear"),
        key("skip_connections", "true", "true", "false"),
        key("residual", "sequential", "parallel"),
        key("biases", "all", "mlp", "none"),
        key("output_initialization", "as_the_rest", "as_the_rest", "zero"));
  }

  private String softmax() {
    return String.join(
        ", ",
        "kind: transformer",
        key("heads", "2", "3"),
        key("head_dim", "4", "8"),
        key("attention", "causal", "full"),
        key("positional_encoding", "sinusoidal", "learned", "none", "rotary, rotary_share: 0.5"),
        key(
            "logit_bias",
            "[]",
            "{toward: parents, strength: 1.3, trainable: true}",
            "[{toward: previous, strength: 0.7}, {toward: first, strength: -0.4, heads: 1,"
                + " trainable: true}]",
            "{toward: offset, offset: 2, strength: 0.9, layers: 0}"));
  }

  private String mixer() {
    return one(MIXERS) + ", " + key("positional_encoding", "sinusoidal", "learned", "none");
  }

  private String training() {
    return String.join(
        ", ",
        "optimizer: {" + optimizer() + "}",
        key("batch_size", "3", "4"),
        "max_steps: 8",
        key(
            "schedule",
            "{kind: constant}",
            "{kind: constant, warmup_steps: 3}",
            "{kind: cosine, warmup_steps: 1, decay_steps: 6}"),
        key("gradient_clip", "0.0", "0.1"));
  }

  private String optimizer() {
    if (random.nextInt(4) == 0) {
      return key("kind", "sgd", "sgd, momentum: 0.9") + ", learning_rate: 1.0e-2";
    }
    return String.join(
        ", ",
        key(
            "kind",
            "adam",
            "adamw, weight_decay: 0.3",
            "muon, weight_decay: 0.3",
            "muon, nesterov: false, adjust_lr: original"),
        "learning_rate: 1.0e-2",
        key("scale", "none", "fan_in"),
        key(
            "groups",
            "[]",
            "[{parameters: embeddings, frozen: true}]",
            "[{parameters: \"*.weight\", learning_rate_factor: 3},"
                + " {parameters: output, learning_rate: 1.0e-3}]"));
  }

  private String key(String name, String... values) {
    return name + ": " + one(List.of(values));
  }

  private String one(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }
}
