package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.emergence.spec.RunConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every task must do besides that repeats itself, with in_context and cross_sample. Its {@link
 * #config} has a third test set, {@code copies}, with more in_context and cross_sample as trained.
 */
public interface RepeatingTaskContract extends TaskContract {

  @Override
  default List<RunConfig> variants() {
    return List.of(
        config("repetition.in_context=1", "repetition.cross_sample=0.5"),
        config("repetition.in_context=3", "repetition.cross_sample=0.5"));
  }

  @Override
  default List<String> checkedSets() {
    return List.of("test", "copies");
  }

  private Lab lab(Replica... replicas) {
    return new Lab(backend(), List.of(replicas));
  }

  @Test
  default void test_sets_with_other_copies_hold_other_sequences() {
    try (Lab lab = lab(new Replica(config(), 4))) {
      assertThat(lab.test("copies", 4, 1).same(lab.test("test", 4, 1))).isFalse();
    }
  }

  @Test
  default void a_change_of_repetition_moves_later_training_batches_of_its_replica_only() {
    try (Lab lab = lab(new Replica(config(), 4), new Replica(config(), 5));
        Lab changed = lab(new Replica(config("repetition.in_context=2"), 5))) {
      Batch training = lab.task().training(6);
      Batch test = lab.task().test("test", 6);
      Drawn other = lab.draw(training, 1, 0);
      Drawn tested = lab.draw(test, 1, 1);
      lab.task().repeat(1, 2, 0);
      assertThat(lab.draw(training, 1, 0).same(other)).isTrue();
      assertThat(lab.draw(test, 1, 1).same(tested)).isTrue();
      assertThat(lab.draw(training, 1, 1).same(changed.training(6, 1))).isTrue();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> lab.task().repeat(1, 1000, 0))
          .withMessageContaining("in_context")
          .withMessageContaining("1000");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> lab.task().repeat(1, 0, 0))
          .withMessageContaining("in_context");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> lab.task().repeat(1, 1, Double.NaN))
          .withMessageContaining("cross_sample");
    }
  }
}
