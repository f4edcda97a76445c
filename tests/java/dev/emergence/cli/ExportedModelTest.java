package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.result.ResultsFolder;
import dev.emergence.result.Safetensors;
import dev.emergence.tensor.ShapedArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who computes with exported weights and sequences as the page {@code explain weights} says gets
 * the losses of the curve. The model is computed here by plain loops over these files alone.
 */
class ExportedModelTest {
  private static final String COMMON =
      """
      training: {optimizer: {kind: adam, learning_rate: 3e-3}, batch_size: 8, max_steps: 20}
      measurement:
        evaluate_every: 10
        evaluate_samples: 300
        checkpoints_at: [0]
      execution: {keep: all}
      seeds: {count: 1}
      """;

  @TempDir Path temp;

  private Path exported;
  private Shell said;
  private String id;
  private String[] curve;

  private void export(String head) throws Exception {
    export(head, COMMON);
  }

  private void export(String head, String rest) throws Exception {
    Path file = Files.writeString(temp.resolve("x.yaml"), "dsl: 1\nname: x\n" + head + rest);
    Path folder = temp.resolve("results");
    assertThat(Shell.run("run", file, "--out", folder).code()).isZero();
    exported = temp.resolve("out");
    said = Shell.run("export", folder, "--format", "safetensors,sequences", "--to", exported);
    id = ResultsFolder.read(folder).ids().get(0);
    Path rows = folder.resolve("runs/" + id.substring(0, 2) + "/" + id + "/curve.jsonl");
    curve = Files.readString(rows).strip().split("\n");
  }

  private Map<String, ShapedArray> read(String name) throws Exception {
    return Safetensors.read(exported.resolve(id + "." + name + ".safetensors")).tensors();
  }

  private static double column(String line, String name) {
    String from = line.substring(line.indexOf("\"" + name + "\":") + name.length() + 3);
    return Double.parseDouble(from.substring(0, from.indexOf(',')));
  }

  @Test
  void bigrams_with_norms_and_learned_positions() throws Exception {
    export(
        """
        task: {kind: trigger_bigrams, vocabulary: 8, sequence_length: 9, triggers: 2}
        architecture:
          {layers: 2, heads: 2, embedding_dim: 8, head_dim: 6, mlp_factor: 2, layer_norm: pre,
           positional_encoding: learned}
        """);
    PlainTransformer model = new PlainTransformer(read("weights"), 2, 6, false);
    double last = column(curve[curve.length - 1], "test.loss");
    assertThat(crossEntropy(model, read("test.sequences"))).isCloseTo(last, within(1e-5 * last));
    PlainTransformer first = new PlainTransformer(read("weights-0"), 2, 6, false);
    double start = column(curve[0], "test.loss");
    assertThat(crossEntropy(first, read("test.sequences"))).isCloseTo(start, within(1e-5 * start));
    assertThat(Math.abs(last - start)).isGreaterThan(1e-2);
  }

  @Test
  void regression_with_sines_and_cosines() throws Exception {
    export(
        """
        task: {kind: linear_regression, dim: 3, sequence_length: 5}
        architecture: {layers: 1, heads: 3, embedding_dim: 8, head_dim: 4, mlp_factor: 0}
        """);
    PlainTransformer model = new PlainTransformer(read("weights"), 3, 4, true);
    Map<String, ShapedArray> test = read("test.sequences");
    double[] target = test.get("target").values();
    double[][] out = model.outputs(test.get("input"), test.get("scored").values());
    double sum = 0;
    for (int n = 0; n < 300; n++) {
      for (int j = 0; j < 3; j++) {
        sum += Math.pow(out[n][j] - target[n * 3 + j], 2) / 2;
      }
    }
    double loss = column(curve[curve.length - 1], "test.loss");
    assertThat(sum / 300).isCloseTo(loss, within(1e-5 * loss));
  }

  /** What a task knows of attention is exported beside: each key holds what the rule says. */
  @Test
  void queries_and_keys_are_those_of_the_task() throws Exception {
    export(
        """
        task: {kind: associative_recall, pairs: 4, tokens: 16}
        architecture: {layers: 1, heads: 1, embedding_dim: 8, head_dim: 4, mlp_factor: 0}
        """);
    Map<String, ShapedArray> test = read("test.sequences");
    double[] tokens = test.get("input").values();
    double[] queries = test.get("query_to_value.queries").values();
    double[] keys = test.get("query_to_value.keys").values();
    double[] target = test.get("target").values();
    int width = test.get("query_to_value.keys").shape()[2];
    for (int n = 0; n < 300; n++) {
      int value = (int) keys[n * width];
      assertThat(queries[n]).isEqualTo(8);
      assertThat(tokens[n * 9 + value]).isEqualTo(target[n]);
      assertThat(tokens[n * 9 + value - 1]).isEqualTo(tokens[n * 9 + 8]);
    }
  }

  /** What all sequences share is given to each; wrong answers stand beside the right ones. */
  @Test
  void shared_lists_and_foils_are_those_of_every_sequence() throws Exception {
    export(
        """
        task: {kind: modular_addition, modulus: 7}
        architecture: {layers: 1, heads: 1, embedding_dim: 8, head_dim: 4, mlp_factor: 0}
        """,
        COMMON.replace("[0]", "[0]\n  test_sets: {test: {}, known: {prompts: training}}"));
    Map<String, ShapedArray> test = read("known.sequences");
    assertThat(test.get("parents.keys").shape()).containsExactly(300, 1, 2);
    for (int n = 0; n < 300; n++) {
      assertThat(test.get("parents.queries").values()[n]).isEqualTo(2);
      assertThat(Arrays.copyOfRange(test.get("parents.keys").values(), 2 * n, 2 * n + 2))
          .containsExactly(0, 1);
      double target = test.get("target").values()[n];
      assertThat(test.get("foil").values()[n]).isEqualTo((target + 1) % 7);
    }
  }

  /** Each optimiser carries something else from step to step, which is no weight. */
  @ParameterizedTest
  @ValueSource(strings = {"adam", "adamw", "sgd", "muon"})
  void weights_are_the_parameters_alone_whatever_the_optimiser_carries(String kind)
      throws Exception {
    export(
        """
        task: {kind: window_sum, numbers: 4, window: 2, modulus: 5}
        architecture: {layers: 1, heads: 1, embedding_dim: 8, head_dim: 4, mlp_factor: 0}
        """,
        COMMON
            .replace("kind: adam,", "kind: " + kind + ",")
            .replace("max_steps: 20", "max_steps: 10"));
    assertThat(said.err()).isEmpty();
    assertThat(read("weights").keySet())
        .contains("readout.weight")
        .containsExactlyInAnyOrderElementsOf(read("weights-0").keySet());
  }

  @Test
  void a_toy_model_that_is_integrated_has_neither_weights_nor_sequences() throws Exception {
    export(
        """
        task: {kind: linear_regression, dim: 4, sequence_length: 8, relevant_feature: false, relevant_position: last}
        architecture: {kind: toy}
        """,
        """
        training: {optimizer: {kind: gradient_flow}, max_time: 100}
        execution: {keep: all}
        seeds: {count: 2}
        """);
    assertThat(said.out()).isEqualTo(exported + ": 0 files\n");
    assertThat(said.err())
        .isEqualTo(
            "2 runs have no weights: a toy model that is integrated keeps none\n"
                + "2 runs have no sequences: the toy model's losses are means over all of them\n");
  }

  private static double crossEntropy(PlainTransformer model, Map<String, ShapedArray> test) {
    double[] target = test.get("target").values();
    double[][] out = model.outputs(test.get("input"), test.get("scored").values());
    double sum = 0;
    int count = 0;
    for (int i = 0; i < out.length; i++) {
      if (target[i] >= 0) {
        double all = 0;
        for (double logit : out[i]) {
          all += Math.exp(logit);
        }
        sum += Math.log(all) - out[i][(int) target[i]];
        count++;
      }
    }
    return sum / count;
  }
}
