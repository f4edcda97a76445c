package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loss of training batches: there is none before the first batch. */
class BatchMetricsTest {
  private static String read(String more) {
    return Experiment.with(more).read().toText();
  }

  @Test
  void nothing_is_relative_to_a_first_value_that_does_not_exist() {
    String level = "{metric: train.loss, below: 0.5, relative_to: initial}";
    assertThat(read("measurement: {thresholds: {p: " + level + "}}\n"))
        .contains("train.loss is the loss of training batches, of which there is none at step 0");
    assertThat(read("repetition: {changes: [{when: " + level + ", cross_sample: 0.5}]}\n"))
        .contains("train.loss is the loss of training batches");
    assertThat(read("measurement: {thresholds: {p: {metric: train.loss_gain, below: -0.1}}}\n"))
        .contains("error E151: nothing measures 'train.loss_gain'");
  }

  @Test
  void a_test_set_named_train_has_a_first_value() {
    String sets = "test_sets: {test: {}, train: {cross_sample: as_trained}}";
    for (String level :
        new String[] {
          "{metric: train.loss, below: 0.5, relative_to: initial}",
          "{metric: train.loss_gain, below: -0.1}"
        }) {
      assertThat(read("measurement: {" + sets + ", thresholds: {p: " + level + "}}\n")).isEmpty();
    }
  }

  @Test
  void the_expected_loss_of_an_integrated_model_has_a_first_value() {
    String toy =
        "task: {kind: linear_regression, dim: 4, sequence_length: 8, relevant_position: last,"
            + " relevant_feature: false}\n"
            + "architecture: {kind: toy}\n"
            + "training: {optimizer: {kind: gradient_flow}}\n";
    String level = "{metric: train.loss, below: 0.5, relative_to: initial}";
    Experiment file = Experiment.of(toy + "measurement: {thresholds: {p: " + level + "}}\n");
    assertThat(file.read().toText()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "repetition: {dataset: 4}",
        "repetition: {changes: [{at: 5, cross_sample: 0.5}]}",
      })
  void a_test_set_named_train_is_drawn_as_training_data_are(String repetition) {
    String sets = "measurement: {test_sets: {test: {}, train: {cross_sample: as_trained}}}\n";
    assertThat(read(sets + repetition + "\n"))
        .contains("train.loss is the loss on training data, but a test set named train would");
  }

  @Test
  void pictures_are_not_later_than_the_training() {
    assertThat(
            read(
                "training: {max_steps: 60}\n"
                    + "measurement: {attention: {pictures_at: [61, last]}}\n"))
        .contains("pictures_at names step 61, but the training ends at step 60");
    assertThat(
            read(
                "training: {max_steps: 60}\n"
                    + "measurement: {attention: {pictures_at: [60, last]}}\n"))
        .isEmpty();
  }
}
