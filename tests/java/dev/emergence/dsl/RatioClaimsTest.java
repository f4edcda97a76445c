package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which conditions a claim of a ratio can compare with its baseline. */
class RatioClaimsTest {
  private static final String LEVEL =
      "measurement: {thresholds: {plateau: {metric: test.loss, below: 0.1}}}\n";

  @Test
  void one_condition_with_a_partner_is_enough() {
    String text =
        LEVEL
            + "sweeps: {s: {grid: {task.dim: [8, 16], task.sequence_length: [16, 32]}, exclude:"
            + " \"d == 8 and T == 32\"}}\n"
            + "claims: {c: {data: s, of: plateau.steps, baseline: {d: 8}, at_least: 1}}\n";
    assertThat(Experiment.with(text).read().toText()).isEmpty();
  }

  @Test
  void of_conditions_without_a_partner_the_nearest_says_what_to_name() {
    String text =
        LEVEL
            + "sweeps: {s: {grid: {task.dim: [8, 16, 32], task.sequence_length: [16, 32, 64],"
            + " repetition.in_context: [1, 2]}, when: \"T == 2 * d and (d < 32 and B == 1 or d =="
            + " 32 and B == 2)\"}}\n"
            + "claims: {c: {data: s, of: plateau.steps, baseline: {d: 8}, at_least: 1}}\n";
    assertThat(Experiment.with(text).read().toText())
        .contains("no condition differs from the baseline in d alone")
        .contains("name the baseline's task.sequence_length too");
  }

  /** Steps of an optimiser and the time of a flow have no ratio, losses have one. */
  @Test
  void only_times_need_the_same_clock() {
    String text =
        """
        task: {kind: linear_regression, dim: 8, sequence_length: 16, relevant_position: last, relevant_feature: false, unit_columns: true}
        architecture: {kind: toy, dynamics: reduced, scores: tied}
        training: {optimizer: {kind: gradient_flow}, max_time: 1000}
        measurement: {thresholds: {plateau: {metric: test.loss, below: 0.1}}}
        sweeps:
          both:
            variants:
              flow: {}
              descent: {architecture: {dynamics: sgd}, training: {optimizer: {kind: sgd, learning_rate: 0.1}, max_steps: 5000}, measurement: {evaluate_every: 20}}
        claims:
          c: {data: both, of: OF, baseline: {variant: descent}, at_least: 2}
        """;
    assertThat(Experiment.of(text.replace("OF", "test.loss")).read().toText()).isEmpty();
    assertThat(Experiment.of(text.replace("OF", "plateau.steps")).read().toText())
        .contains("some of these runs are counted in steps");
  }
}
