package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Yaml;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.Streams;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicaTest {
  private static final RunConfig PLAIN = Yaml.tiny();
  private static final RunConfig SAME_TASK =
      PLAIN.with(new Streams(Optional.empty(), Optional.empty(), Optional.of(3), Optional.empty()));

  @Test
  void streams_come_from_the_runs_seed_unless_they_are_kept() {
    Replica replica = new Replica(SAME_TASK, 5);
    assertThat(replica.stream(Purpose.TASK)).isEqualTo(RandomStream.of(3, Purpose.TASK));
    assertThat(replica.stream(Purpose.DATA)).isEqualTo(RandomStream.of(5, Purpose.DATA));
    assertThat(replica.stream(Purpose.INIT)).isEqualTo(RandomStream.of(5, Purpose.INIT));
    assertThat(replica.stream(Purpose.TEST)).isEqualTo(RandomStream.of(5, Purpose.TEST));
  }

  @Test
  void a_kept_task_gives_other_data_under_the_same_map() {
    RegressionConstants kept = RegressionConstants.draw(new Replica(SAME_TASK, 5));
    assertThat(kept.target()).isEqualTo(RegressionConstants.draw(new Replica(PLAIN, 3)).target());
    assertThat(kept.target())
        .isNotEqualTo(RegressionConstants.draw(new Replica(PLAIN, 5)).target());
    try (Lab lab = Lab.of(SAME_TASK, 5);
        Lab own = Lab.of(PLAIN, 5)) {
      assertThat(lab.training(3, 1).input()).isEqualTo(own.training(3, 1).input());
    }
  }
}
