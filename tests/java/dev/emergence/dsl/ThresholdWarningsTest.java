package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThresholdWarningsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "metric: test.loss, below: 0.1 | ",
        "metric: test.loss, below: 0 | is never passed: a loss is not below 0",
        "metric: test.loss, below: -1 | is never passed: a loss is not below 0",
        "metric: test.loss, below: -0.1, relative_to: initial | is never passed: a loss is not below 0",
        "metric: test.loss, above: -1 | is passed before training: a loss is always on this side",
        "metric: test.accuracy, above: 1 | is never passed: an accuracy is not above 1",
        "metric: test.accuracy, above: 0.99 | ",
        "metric: test.accuracy, above: 2, relative_to: initial | ",
        "metric: test.accuracy, below: 1.5 | is passed before training: an accuracy is always on this side",
        "metric: test.accuracy, below: 0.3, from: 1 | is never passed: an accuracy is not above 1, from where it is to fall",
        "metric: test.accuracy, below: 0.3, from: 0.99 | ",
        "metric: test.accuracy, below: 0.9, from: 2, relative_to: initial | ",
        "metric: test.accuracy, above: 0.3, from: 0 | is never passed: an accuracy is not below 0, from where it is to rise",
        "metric: test.loss, above: 0.3, from: 0.0 | is never passed: a loss is not below 0, from where it is to rise",
        "metric: test.loss, above: 0.3, from: 0.1 | ",
        "metric: test.loss, below: 0.3, from: 3 | ",
        "metric: test.loss, below: 0.1, hold: 21 | ",
        "metric: test.loss, below: 0.1, hold: 22 | must hold for 22 evaluations, and there are 21: it is never passed",
      })
  void a_level_on_which_nothing_depends_is_said(String threshold, String words) {
    requireSaid(
        words,
        threshold,
        """
        dsl: 1
        name: x
        task: {kind: associative_recall, pairs: 8, tokens: 32}
        training: {max_steps: 1000}
        measurement: {evaluate_every: 50, thresholds: {level: {THRESHOLD}}}
        """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "metric: triggers.exact, above: 1 | is never passed: a share of sequences is not above 1",
        "metric: triggers.probability, above: 0.2, from: 0 | is never passed: a probability is not below 0, from where it is to rise",
        "metric: attention.parents, below: 0.2, from: 1 | is never passed: a share of attention is not above 1, from where it is to fall",
        "metric: attention.2.1.parents, above: 1.5 | is never passed: a share of attention is not above 1",
        "metric: attention.parents, below: 0.2, from: 0.7 | ",
        "metric: attention.entropy, above: 2, from: 1.5 | ",
        "metric: attention.parents_gain, below: -0.1 | ",
        "metric: triggers.logit_difference, above: 3, from: -1 | ",
      })
  void shares_are_between_0_and_1_whatever_they_are_of(String threshold, String words) {
    requireSaid(
        words,
        threshold,
        """
        dsl: 1
        name: x
        task: {kind: trigger_bigrams}
        measurement:
          evaluate_every: 50
          test_sets: {test: {}, triggers: {prompts: triggers}}
          attention: {record: [parents, entropy]}
          thresholds: {level: {THRESHOLD}}
        """);
  }

  private static void requireSaid(String words, String threshold, String file) {
    String text =
        SpecReader.read("x.yaml", file.replace("THRESHOLD", threshold), ReadOptions.none())
            .toText();
    if (words == null) {
      assertThat(text).isEmpty();
    } else {
      assertThat(text).contains("warning W203: threshold level " + words);
    }
  }
}
