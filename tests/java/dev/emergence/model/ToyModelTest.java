package dev.emergence.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.ToySpec;
import dev.emergence.spec.ToySpec.Dynamics;
import dev.emergence.spec.ToySpec.Scores;
import dev.emergence.spec.ToySpec.ToyInitialization;
import dev.emergence.tensor.Backend;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The toy model, with tokens of one head and of several. */
class ToyModelTest extends ModelContract {
  private static final ToySpec NORMAL =
      new ToySpec(Dynamics.SGD, Scores.TIED, ToyInitialization.NORMAL);

  @Override
  Stream<ModelCase> cases() {
    return Stream.of(
        new ModelCase(NORMAL, new Signature(4, 3, false, 2), 2, 3),
        new ModelCase(NORMAL, new Signature(1, 1, false, 2), 2, 2),
        new ModelCase(NORMAL, new Signature(3, 131, false, 2), 2, 3),
        new ModelCase(NORMAL, new Signature(5, 130, false, 3), 1, 4));
  }

  @Test
  void the_prediction_is_that_of_equation_2() {
    ModelCase c = new ModelCase(NORMAL, new Signature(3, 130, false, 2), 1, 2);
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, NetworkOptions.evaluation(2))) {
      backend.write(run.parameters.value("scores"), new double[] {0.3, -1.1, 2.2});
      double[] prediction = run.predict();
      double[] weights = backend.doubles(run.parameters.value("weights"));
      double[] tokens = backend.doubles(run.input);
      double sum = Math.exp(0.3) + Math.exp(-1.1) + Math.exp(2.2);
      double[] alpha = {Math.exp(0.3) / sum, Math.exp(-1.1) / sum, Math.exp(2.2) / sum};
      for (int i = 0; i < 4; i++) {
        double expected = 0;
        for (int t = 0; t < 3; t++) {
          for (int j = 0; j < 130; j++) {
            expected += weights[i % 2 * 130 + j] * alpha[t] * tokens[(i / 2 * 3 + t) * 130 + j];
          }
        }
        assertThat(prediction[i]).as("output %d", i).isCloseTo(expected, within(1e-12));
      }
    }
  }

  @Test
  void scores_start_at_zero_and_weights_where_the_file_says() {
    ModelCase zero =
        new ModelCase(
            new ToySpec(Dynamics.SGD, Scores.TIED, ToyInitialization.ZERO),
            new Signature(4, 3, false, 2),
            1,
            1);
    ModelCase normal = new ModelCase(NORMAL, new Signature(4, 100, false, 100), 1, 1);
    try (Backend backend = new ReferenceBackend();
        ModelRun first = new ModelRun(backend, zero, NetworkOptions.evaluation(1));
        ModelRun second = new ModelRun(backend, normal, NetworkOptions.evaluation(1))) {
      assertThat(backend.doubles(first.parameters.values())).containsOnly(0);
      assertThat(backend.doubles(second.parameters.value("scores"))).containsOnly(0);
      double squares = 0;
      for (double w : backend.doubles(second.parameters.value("weights"))) {
        squares += w * w;
      }
      assertThat(squares).as("‖W‖² of N(0, 1/d) entries, about d").isCloseTo(100, within(6.0));
    }
  }

  @Test
  void only_the_training_network_has_a_backward_pass() {
    ModelCase c = cases().findFirst().orElseThrow();
    try (Backend backend = new ReferenceBackend();
        ModelRun run = new ModelRun(backend, c, NetworkOptions.evaluation(3))) {
      run.predict();
      assertThatThrownBy(() -> run.network().backward(run.network().prediction()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("TRAINING");
    }
  }

  @Test
  void tokens_of_a_vocabulary_are_refused() {
    assertThatThrownBy(() -> Models.create(NORMAL, new Signature(4, 3, true, 2)))
        .hasMessageContaining("vocabulary of 3");
  }
}
