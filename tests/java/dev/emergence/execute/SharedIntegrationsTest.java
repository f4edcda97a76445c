package dev.emergence.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Plan;
import dev.emergence.plan.Yaml;
import dev.emergence.result.ResultsFolder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Toy models that are integrated for several conditions at once, in a file that changes. */
class SharedIntegrationsTest extends ExecutionFixture {
  private static final String TOY =
      """
      dsl: 1
      name: toy
      task: {kind: linear_regression, dim: 3, sequence_length: 16, relevant_position: last, relevant_feature: false}
      architecture: {kind: toy}
      training: {optimizer: %s, max_time: 60, max_steps: 60}
      measurement:
        thresholds: {early: {metric: test.loss, below: 0.45}, plateau: {metric: test.loss, below: 0.3}}
        trajectory: {points: 20}
      seeds: none
      sweeps:
        one: {set: {measurement.stop: %s}}
        other: {set: {measurement.stop: {when: plateau}}}
      """;

  private static Plan plan(String optimizer, String stop) {
    return Yaml.plan(TOY.formatted(optimizer, stop));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{kind: gradient_flow}", "{kind: sgd, learning_rate: 1}"})
  void rows_are_those_of_the_conditions_of_now(String optimizer) throws Exception {
    ResultsFolder folder = folder("a");
    for (String stop :
        new String[] {"{never: true}", "{when: early}", "{when: plateau, extra: 50%}"}) {
      Plan plan = plan(optimizer, stop);
      assertThat(plan.runs()).hasSize(1);
      run(plan, folder);
      assertThat(run(plan, folder).computed()).isZero();
      ResultsFolder fresh = folder("fresh of " + stop.replaceAll("\\W", ""));
      run(plan, fresh);
      assertThat(results(plan, folder)).as(stop).isEqualTo(results(plan, fresh));
    }
  }
}
