package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.AttentionRecord;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.InvalidSpec;
import dev.emergence.spec.LogitBias;
import dev.emergence.spec.LogitBias.Toward;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TransformerSpec;
import dev.emergence.tensor.Backend;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Trainings whose attention is guided. */
class LogitBiasTrainingTest {
  private static final List<AttentionRecord> ALL =
      List.of(AttentionRecord.QUERY_TO_VALUE, AttentionRecord.VALUE_TO_KEY);

  private static RunConfig biased(TinyRun run, LogitBias... biases) {
    RunConfig c = run.config();
    TransformerSpec t = (TransformerSpec) c.architecture();
    return new RunConfig(
        c.task(),
        c.repetition(),
        Defaults.change(t, Map.of("logit_bias", List.of(biases))),
        c.training(),
        c.measurement());
  }

  private static LogitBias toward(Toward toward, double strength, boolean trainable) {
    return new LogitBias(toward, 1, strength, Optional.empty(), Optional.empty(), trainable);
  }

  @Test
  void strengths_of_a_cohort_train_as_each_would_alone() {
    TinyRun tiny = TinyRun.recall().measured(5, ALL, "test", "train");
    for (boolean trainable : new boolean[] {false, true}) {
      RunConfig weak = biased(tiny, toward(Toward.PARENTS, 0, trainable));
      RunConfig strong = biased(tiny, toward(Toward.PARENTS, 3, trainable));
      try (Backend backend = new ReferenceBackend();
          Training both = Trainer.create(backend, List.of(weak, strong), List.of(3, 3));
          Training alone = Trainer.create(backend, List.of(strong), List.of(3))) {
        both.trainTo(4);
        alone.trainTo(4);
        assertThat(both.evaluate()[1]).containsExactly(alone.evaluate()[0]);
        assertThat(both.evaluate()[0]).isNotEqualTo(alone.evaluate()[0]);
      }
    }
  }

  @Test
  void a_strength_of_zero_is_no_bias() {
    RunConfig zero = biased(TinyRun.recall(), toward(Toward.PARENTS, 0, false));
    try (Backend backend = new ReferenceBackend();
        Training plain =
            Trainer.create(backend, List.of(TinyRun.recall().config()), List.of(3), false);
        Training none = Trainer.create(backend, List.of(zero), List.of(3), false)) {
      plain.trainTo(4);
      none.trainTo(4);
      assertThat(none.evaluate()[0]).containsExactly(plain.evaluate()[0]);
    }
  }

  @Test
  void a_strong_bias_shows_as_mass_on_the_parents() {
    RunConfig strong =
        biased(TinyRun.recall().measured(5, ALL, "test"), toward(Toward.PARENTS, 50, false));
    try (Backend backend = new ReferenceBackend();
        Training training = Trainer.create(backend, List.of(strong), List.of(3))) {
      List<String> columns = training.columns();
      double[] row = training.evaluate()[0];
      for (int layer = 1; layer <= 2; layer++) {
        for (int head = 1; head <= 2; head++) {
          String name = "attention." + layer + "." + head;
          assertThat(row[columns.indexOf(name + ".query_to_value")]).isGreaterThan(0.999);
          assertThat(row[columns.indexOf(name + ".value_to_key")]).isGreaterThan(0.999);
        }
      }
    }
  }

  @Test
  void a_trained_strength_moves_and_is_resumed_exactly() {
    RunConfig c = biased(TinyRun.recall(), toward(Toward.PREVIOUS, 0.5, true));
    try (Backend backend = new ReferenceBackend();
        Training training = Trainer.create(backend, List.of(c), List.of(3));
        Training resumed = Trainer.create(backend, List.of(c), List.of(3))) {
      training.trainTo(3);
      resumed.enter(0, new Start(c, 3, Optional.of(training.snapshot(0))));
      training.trainTo(6);
      resumed.trainTo(6);
      double strength = training.parameters(0).get("logit_bias.0").values()[0];
      assertThat(strength).isNotEqualTo(0.5);
      assertThat(resumed.parameters(0).get("logit_bias.0").values()[0]).isEqualTo(strength);
      assertThat(resumed.evaluate()[0]).containsExactly(training.evaluate()[0]);
    }
  }

  @Test
  void what_an_architecture_has_no_room_for_is_refused_with_all_reasons() {
    LogitBias far =
        new LogitBias(Toward.OFFSET, 5, 1, Optional.of(List.of(2)), Optional.of(List.of(2)), false);
    LogitBias parents = toward(Toward.PARENTS, 1, false);
    assertThatThrownBy(() -> biased(TinyRun.recall(), far, parents, parents))
        .isInstanceOf(InvalidSpec.class)
        .hasMessageContaining("these take 5")
        .hasMessageContaining("layers are counted from 0 to 1, got 2")
        .hasMessageContaining("heads are counted from 0 to 1, got 2")
        .hasMessageContaining("offset must be less than the 5 tokens");
  }
}
