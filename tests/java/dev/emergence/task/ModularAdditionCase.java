package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.spec.ModularAddition;
import dev.emergence.spec.RunConfig;
import org.junit.jupiter.api.Test;

/** Sums of training pairs and of held-out ones, for the contract of tasks on any backend. */
interface ModularAdditionCase extends PlainTaskContract<ModularAddition> {
  @Override
  default TaskKind<ModularAddition> kind() {
    return TaskKind.of(ModularAddition.class, ModularAdditionSequences::of);
  }

  @Override
  default RunConfig config(String... sets) {
    return Configs.plain("{kind: modular_addition, modulus: 7, training_share: 0.6}", sets);
  }

  /** It has one of its own. */
  @Override
  @Test
  default void a_data_set_holds_the_first_sequences_of_batch_0_and_tests_are_not_drawn_from_it() {
    assertThatThrownBy(() -> config("repetition.dataset=3"))
        .hasMessageContaining("the training pairs are a data set already");
  }
}
