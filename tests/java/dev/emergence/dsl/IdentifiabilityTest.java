package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is said of a fit whose conditions cannot tell its parameters apart. */
class IdentifiabilityTest {
  private static String said(String sweep) {
    return Experiment.with(
            "measurement: {thresholds: {plateau: {metric: test.loss, below: 0.1}}}\n"
                + "sweeps: {s: "
                + sweep
                + "}\nfits: {f: {data: s, formula: \"T_plateau = C * d^alpha * B^beta\"}}\n")
        .read()
        .toText();
  }

  @Test
  void only_symbols_of_one_value_are_named_as_constant() {
    assertThat(said("{grid: {task.dim: [8, 16], task.sequence_length: [16, 32]}}"))
        .contains("'beta' makes no difference in any of the 4 conditions")
        .contains("'B' is repetition.in_context, always 1")
        .contains("what varies: d, T")
        .doesNotContain("'d' is");
  }

  @Test
  void where_only_variants_differ_no_axis_is_said_to_vary() {
    assertThat(said("{variants: {a: {task.dim: 8}, b: {task.dim: 16}, c: {task.dim: 32}}}"))
        .contains("'B' is repetition.in_context, always 1")
        .doesNotContain("what varies");
  }
}
