package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SameConditionsTest {
  private static String warnings(String sweep) {
    return Experiment.with("sweeps: {s: {" + sweep + "}}\n").read().toText();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "variants: {a: {}, b: {}} | a and b (conditions that repeat others: 1 of 2)",
        "variants: {a: {}, b: {training: {batch_size: 32}}} | a and b (conditions that",
        "variants: {a: {}, b: {task: {dim: 16.0}}, c: {}} | a and b (conditions that repeat others: 2",
        "variants: {a: {}, b: {task.dim: 3}}, grid: {task.dim: [3, 4]}"
            + " | between a, task.dim 3 and b, task.dim 3 (conditions that repeat others: 2 of 4)",
        "grid: {lr: {from: 1, to: 1.0000000000000002, num: 2}}"
            + " | between training.optimizer.learning_rate 1 and training.optimizer.learning_rate 1",
      })
  void are_named(String sweep, String message) {
    assertThat(warnings(sweep)).containsOnlyOnce("W210").contains(message);
  }

  /** What is not trained differs all the same. */
  @Test
  void conditions_that_end_at_other_times_are_not_the_same() {
    assertThat(warnings("variants: {a: {}, b: {training: {max_steps: 60}}}")).isEmpty();
    assertThat(warnings("grid: {training.max_steps: [50, 60]}")).isEmpty();
  }

  /** A variant is where the difference was forgotten. */
  @Test
  void the_second_one_is_pointed_at() {
    assertThat(warnings("variants: {a: {}, same: {}}"))
        .contains("experiment.yaml:4:32: warning W210");
  }
}
