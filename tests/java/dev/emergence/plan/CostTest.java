package dev.emergence.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.spec.RunConfig;
import dev.emergence.theory.Forecast;
import java.util.List;
import org.junit.jupiter.api.Test;

class CostTest {
  private static Cost cost(RunConfig config) {
    return Cost.of(config, List.of(Demand.of(config)));
  }

  private static double plateau(RunConfig config) {
    return Forecast.of(config).orElseThrow().plateau();
  }

  @Test
  void a_run_that_stops_early_is_expected_to_take_its_plateau_and_the_rest_that_is_asked_for() {
    RunConfig config = Yaml.tiny("training.max_steps=1000000");
    assertThat(plateau(config)).isBetween(10.0, 100_000.0);
    assertThat(cost(config).expectedSteps()).isCloseTo(1.5 * plateau(config), within(1e-9));
    assertThat(cost(config).worstSteps()).isEqualTo(1_000_000);
  }

  @Test
  void no_run_is_expected_to_take_more_steps_than_it_may() {
    RunConfig config = Yaml.tiny("training.max_steps=7");
    assertThat(plateau(config)).isGreaterThan(7);
    assertThat(cost(config).expectedSteps()).isEqualTo(7);
    assertThat(cost(config).worstSteps()).isEqualTo(7);
  }

  @Test
  void a_run_that_nothing_stops_takes_all_its_steps() {
    RunConfig config = Yaml.tiny("training.max_steps=1000000", "measurement.stop={never: true}");
    assertThat(cost(config).expectedSteps()).isEqualTo(1_000_000);
  }

  /** No law says when. */
  @Test
  void a_run_that_waits_for_a_fall_may_take_all_its_steps() {
    RunConfig config =
        Yaml.tiny(
            "training.max_steps=1000000",
            "measurement.thresholds.lost={metric: test.loss, above: 0.4, from: 0.2}",
            "measurement.stop={when: plateau, and: [lost]}");
    assertThat(cost(config).expectedSteps()).isEqualTo(1_000_000);
  }

  @Test
  void of_several_demands_the_longest_counts() {
    RunConfig early = Yaml.tiny("training.max_steps=1000000");
    RunConfig whole = Yaml.tiny("training.max_steps=2000000", "measurement.stop={never: true}");
    Cost both = Cost.of(early, List.of(Demand.of(early), Demand.of(whole)));
    assertThat(both.expectedSteps()).isEqualTo(2_000_000);
    assertThat(both.worstSteps()).isEqualTo(2_000_000);
  }

  @Test
  void a_step_is_forward_and_twice_that_backward_and_evaluations_are_forward() {
    RunConfig config = Yaml.tiny();
    double forward = Footprint.of(config).work().forwardFlops();
    Cost cost = cost(config);
    assertThat(cost.stepFlops()).isEqualTo(3 * forward * 4);
    assertThat(cost.evaluationFlops()).isEqualTo(forward * 16);
    assertThat(cost.evaluations()).isEqualTo(0.1);
    double perStep = 3 * forward * 4 + forward * 16 * 0.1;
    assertThat(cost.worst()).isCloseTo(60 * perStep, within(1e-6 * perStep));
    assertThat(cost.expected()).isCloseTo(cost.expectedSteps() * perStep, within(1e-6 * perStep));
    RunConfig two = Yaml.tiny("measurement.test_sets.other={in_context: 2, cross_sample: 0.5}");
    assertThat(cost(two).evaluationFlops()).isEqualTo(2 * forward * 16);
  }

  @Test
  void a_checkpoint_holds_parameters_and_two_moments() {
    RunConfig config = Yaml.tiny();
    long parameters = Footprint.of(config).work().parameters();
    assertThat(cost(config).parameters()).isEqualTo(parameters);
    assertThat(cost(config).checkpointBytes()).isEqualTo(12 * parameters);
    double activations = Footprint.of(config).work().activations();
    assertThat(cost(config).memoryBytes())
        .isEqualTo((long) (16.0 * parameters + 8 * activations * 4));
  }

  /** A large vocabulary has more predictions than the model has anything else. */
  @Test
  void the_memory_of_a_run_holds_what_it_predicts_and_the_gradient_of_that() {
    double small = language(1000);
    double large = language(9000);
    double predictions = 2.0 * 4 * 3 * 99 * 8000;
    double parameters = 4.0 * 4 * (2 * 16 + 1) * 8000;
    assertThat(large - small).isEqualTo(predictions + parameters);
  }

  private static double language(int vocabulary) {
    String file =
        """
        dsl: 1
        name: words
        task: {kind: synthetic_language, vocabulary: %d, sequence_length: 100}
        architecture: {layers: 1, heads: 1, embedding_dim: 16, head_dim: 8}
        training: {batch_size: 3}
        """;
    return cost(Yaml.experiment(file.formatted(vocabulary)).base()).memoryBytes();
  }

  @Test
  void a_gradient_flow_counts_as_one_step() {
    RunConfig flow =
        Yaml.experiment(
                """
                dsl: 1
                name: flow
                task: {kind: linear_regression, dim: 4, sequence_length: 8, relevant_position: last, relevant_feature: false}
                architecture: {kind: toy}
                training: {optimizer: {kind: gradient_flow}}
                seeds: none
                sweeps: {s: {grid: {task.dim: [4, 6]}}}
                """)
            .base();
    assertThat(cost(flow).expectedSteps()).isEqualTo(1);
    assertThat(cost(flow).worstSteps()).isEqualTo(1);
  }
}
