package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file writes without any effect is said, wherever it is written. */
class WithoutEffectTest {
  private static final String NO_MLP = "architecture: {mlp_factor: 0}\n";

  private static String read(String more) {
    return Experiment.with(more).read().toText();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "architecture: {mlp_factor: 0, residual: parallel} | architecture.residual",
        "architecture: {kind: gated_delta, mlp_factor: 0, activation: relu} |"
            + " architecture.activation",
        "architecture: {logit_bias: [{toward: first, offset: 2, strength: 1}]} |"
            + " architecture.logit_bias.0.offset",
      })
  void of_an_architecture(String part, String path) {
    assertThat(read(part + "\n")).contains("warning W203: " + path + " has no effect here");
  }

  @Test
  void of_repetition_where_no_token_is_special() {
    String task =
        "task: {kind: linear_regression, dim: 4, sequence_length: 8, special_token: e1}\n";
    assertThat(Experiment.of(task).read().toText())
        .contains("warning W203: task.special_token has no effect here", "cross_sample is 0");
    for (String used :
        new String[] {
          "repetition: {cross_sample: 0.1}",
          "repetition: {changes: [{at: 5, cross_sample: 0.1}]}",
          "measurement: {test_sets: {special: {cross_sample: 1.0}}}"
        }) {
      assertThat(Experiment.of(task + used + "\n").read().toText()).as(used).isEmpty();
    }
  }

  @Test
  void of_the_expected_loss() {
    assertThat(
            Experiment.of(
                    "task: {kind: linear_regression, dim: 4, sequence_length: 8,"
                        + " relevant_position: last, relevant_feature: false}\n"
                        + "architecture: {kind: toy}\n"
                        + "training: {optimizer: gradient_flow, max_time: 10, batch_size: 4}\n"
                        + "seeds: none\n")
                .read()
                .toText())
        .contains("warning W203: training.batch_size has no effect here");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set: {architecture.activation: relu}",
        "set: {architecture: {activation: relu}}",
        "grid: {architecture.activation: [relu, gelu]}",
        "zip: {architecture.activation: [relu, gelu], task.dim: [3, 4]}",
      })
  void of_a_sweep(String part) {
    assertThat(read(NO_MLP + "sweeps: {s: {" + part + "}}\n"))
        .contains("warning W203: sweep s: architecture.activation has no effect here");
    assertThat(read("sweeps: {s: {" + part + "}}\n")).isEmpty();
  }

  @Test
  void of_a_variant_by_its_own_conditions() {
    String none = "none: {architecture: {mlp_factor: 0, activation: relu}}";
    String other = "other: {architecture.activation: relu}";
    assertThat(read("sweeps: {s: {variants: {" + other + ", " + none + "}}}\n"))
        .contains("warning W203: variant none: architecture.activation has no effect here")
        .doesNotContain("variant other");
  }

  @Test
  void of_an_axis_that_some_conditions_read_nothing_is_said() {
    String grid = "{architecture.mlp_factor: [0, 4], architecture.activation: [relu, gelu]}";
    assertThat(read("sweeps: {s: {grid: " + grid + "}}\n")).isEmpty();
  }

  @Test
  void of_seeds_in_some_conditions_with_what_could_be_varied() {
    String sweep = "sweeps: {s: {grid: {repetition.cross_sample: [0.0, 0.1, 0.2]}}}\n";
    String task = "task: {kind: associative_recall, pairs: 4, tokens: 16}\n";
    assertThat(Experiment.of(task + "seeds: {count: 2, vary: [task]}\n" + sweep).read().toText())
        .contains("sweep s: in 1 of 3 conditions nothing of what seeds vary is drawn")
        .contains("there init, data, test can be varied; without vary everything is")
        .startsWith("experiment.yaml:4:19:");
    String own = sweep.replace("{s: {", "{s: {seeds: {count: 2, vary: [task]}, ");
    assertThat(Experiment.of(task + "seeds: 3\n" + own).read().toText())
        .startsWith("experiment.yaml:5:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{kind: associative_recall, pairs: 4, tokens: 16} | true",
        "{kind: linear_map, cells: 6, parents: 2, matrix: shared} | true",
        "{kind: linear_map, cells: 6, parents: 2} | false",
        "{kind: cellular_automaton, cells: 6, rules: fresh} | true",
        "{kind: cellular_automaton, cells: 6, rules: 8} | false",
        "{kind: linear_regression, dim: 4, sequence_length: 8} | false",
        "{kind: block_recall, blocks: 2, attributes: 2, relevant: 2} | true",
        "{kind: block_recall, blocks: 2, attributes: 3, relevant: 2} | false",
        "{kind: linear_map, cells: 3, parents: 3} | true",
        "{kind: causal_graph, graph: random, sequence_length: 3} | true",
        "{kind: causal_graph, graph: random, sequence_length: 4, roots: 2} | false",
      })
  void of_seeds_that_change_what_is_not_drawn(String task, boolean same) {
    String seeds = "task: " + task + "\nseeds: {count: 3, vary: [task]}\n";
    String told = Experiment.of(seeds).read().toText();
    assertThat(told.contains("so all seeds give the same run")).as(told).isEqualTo(same);
    String data = "task: " + task + "\nseeds: {count: 3, vary: [task, data]}\n";
    assertThat(Experiment.of(data).read().toText()).doesNotContain("the same run");
  }
}
