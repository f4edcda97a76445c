package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What just keeps a rule is allowed: a rule that refuses one value too many would take away what
 * people may write.
 */
class RulesAtTheirEdgeTest {
  private static final String REST =
      """
      training: {optimizer: {kind: adam, learning_rate: 1.0e-3}, batch_size: 4, max_steps: 60}
      measurement: {test_sets: {test: {}}}
      seeds: {count: 3}
      """;

  private static void isAllowed(String task, String architecture, String more) {
    Reading reading =
        Experiment.of("task: " + task + "\narchitecture: " + architecture + "\n" + REST + more)
            .read();
    assertThat(reading.isValid()).as(reading.toText()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{kind: block_recall, blocks: 4, attributes: 2, relevant: 2, alphabet: 2}",
        "{kind: block_recall, blocks: 2, attributes: 1, relevant: 1, alphabet: 2}",
        "{kind: associative_recall, pairs: 4, tokens: 8, query_placement: at_least_one}",
        "{kind: linear_regression, dim: 1, sequence_length: 2}",
        "{kind: linear_map, cells: 4, parents: 4}",
        "{kind: cellular_automaton, cells: 3}",
      })
  void a_task_at_the_edge_of_its_sizes(String task) {
    isAllowed(task, "{kind: transformer, layers: 1, heads: 1, embedding_dim: 8, head_dim: 8}", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "residual: parallel, layer_norm: none",
        "residual: parallel, layer_norm: pre",
        "residual: sequential, layer_norm: post",
        "positional_encoding: rotary",
        "positional_encoding: sinusoidal, heads: 2, head_dim: 3",
        "positional_encoding: learned, head_dim: 5",
        "mlp_factor: 0",
        "layers: 1",
      })
  void an_architecture_at_the_edge_of_what_fits_together(String keys) {
    StringBuilder all = new StringBuilder("{kind: transformer, embedding_dim: 8, " + keys);
    for (String usual : new String[] {"layers: 2", "heads: 1", "head_dim: 8"}) {
      all.append(keys.contains(usual.split(":")[0] + ":") ? "" : ", " + usual);
    }
    isAllowed("{kind: linear_regression, dim: 4, sequence_length: 8}", all + "}", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "scale: {x: linear, y: linear}, limits: {x: [0, 10]}",
        "scale: {x: linear, y: linear}, limits: {x: [-5, 10], y: [0, 1]}",
        "limits: {x: [1.0e-9, 10]}",
        "scale: {x: symlog, y: linear}, limits: {x: [-5, 10]}",
      })
  void limits_at_the_edge_of_what_an_axis_shows(String keys) {
    isAllowed(
        "{kind: linear_regression, dim: 4, sequence_length: 8}",
        "{kind: transformer, layers: 1, heads: 1, embedding_dim: 8, head_dim: 8}",
        "sweeps: {s: {grid: {task.dim: [2, 4]}}}\n"
            + "plots: {p: {kind: scaling, data: s, x: d, y: test.loss, "
            + keys
            + "}}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows.first", "rows.all", "rows.2"})
  void a_law_about_one_of_a_family_of_thresholds(String threshold) {
    String text =
        """
        task: {kind: linear_map, cells: 4, parents: 1}
        measurement: {thresholds: {rows: {metric: "test.loss.row.*", below: 0.1}}}
        sweeps: {sizes: {grid: {task.parents: [1, 2]}}}
        fits: {law: {data: sizes, formula: "T_%s = C * s^alpha"}}
        """;
    assertThat(Experiment.of(text.formatted(threshold)).read().toText()).isEmpty();
  }
}
