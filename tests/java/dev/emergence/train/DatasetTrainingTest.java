package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.RepetitionSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.Backend;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Trainings on a data set of a fixed size. */
class DatasetTrainingTest {
  private static TinyRun of(TinyRun run, int size) {
    return run.repetition(new RepetitionSpec(1, 0, 2, List.of(), Optional.of(size)));
  }

  @Test
  void sizes_of_a_cohort_train_as_each_would_alone() {
    RunConfig endless = TinyRun.recall().config();
    RunConfig small = of(TinyRun.recall(), 3).config();
    RunConfig large = of(TinyRun.recall(), 4096).config();
    try (Backend backend = new ReferenceBackend();
        Training all = Trainer.create(backend, List.of(endless, small, large), List.of(3, 3, 3));
        Training alone = Trainer.create(backend, List.of(small), List.of(3))) {
      all.trainTo(5);
      alone.trainTo(5);
      assertThat(all.evaluate()[1]).containsExactly(alone.evaluate()[0]);
      assertThat(all.evaluate()[0]).isNotEqualTo(all.evaluate()[1]);
      assertThat(all.evaluate()[2]).isNotEqualTo(all.evaluate()[0]);
    }
  }

  @Test
  void a_few_sequences_are_learned_by_heart_and_tests_show_it() {
    TinyRun run = of(TinyRun.regression(), 4).measured(256, List.of(), "test");
    try (Backend backend = new ReferenceBackend();
        Training training = Trainer.create(backend, List.of(run.config()), List.of(3))) {
      training.trainTo(1500);
      double[] row = training.evaluate()[0];
      double batch = row[training.columns().indexOf("train.loss")];
      double test = row[training.columns().indexOf("test.loss")];
      assertThat(batch).isLessThan(0.02 * test);
    }
  }
}
