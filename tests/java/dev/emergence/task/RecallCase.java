package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.RunConfig;
import java.util.Arrays;

/** Associative recall, for the contract of tasks on any backend. */
interface RecallCase extends RepeatingTaskContract {
  @Override
  default RunConfig config(String... sets) {
    return Configs.recall(Configs.withTestSets(sets));
  }

  @Override
  default void checkGroundTruth(int seed, RunConfig config, TestBatch batch) {
    for (int i = 0; i < batch.relevant().length; i++) {
      if (batch.relevant()[i] == 1) {
        assertThat(batch.input()[i]).isEqualTo(batch.target()[i / batch.length()]);
        assertThat(batch.input()[i - 1])
            .isEqualTo(batch.input()[(i / batch.length() + 1) * batch.length() - 1]);
      }
    }
    assertThat(Arrays.stream(batch.relevant()).sum()).isGreaterThanOrEqualTo(batch.samples());
  }
}
