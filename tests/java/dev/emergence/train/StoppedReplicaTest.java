package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.backend.Devices;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.ShapedArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A replica that a snapshot calls diverged, though its numbers are such that one sees it move. */
class StoppedReplicaTest {
  private static final int NEVER = -1;

  @Test
  void a_replica_that_has_stopped_repeats_its_step_after_a_restart_too() {
    try (Backend backend = Devices.open("cpu", 1);
        Training training =
            Trainer.create(backend, List.of(TinyRun.regression().config()), List.of(5))) {
      training.trainTo(3);
      Snapshot snapshot = training.snapshot(0);
      double lossOfStepTwo = trained(training, standing(snapshot, 1, NEVER), 2);
      assertThat(training.snapshot(0).array("readout.weight").values())
          .isNotEqualTo(snapshot.array("readout.weight").values());
      assertThat(trained(training, standing(snapshot, 6, NEVER), 7)).isNotEqualTo(lossOfStepTwo);
      assertThat(trained(training, standing(snapshot, 6, 2), 9)).isEqualTo(lossOfStepTwo);
      assertThat(training.divergedAt(0)).hasValue(2);
      assertThat(training.snapshot(0).step()).isEqualTo(9);
      assertThat(training.snapshot(0).array("readout.weight").values())
          .containsExactly(snapshot.array("readout.weight").values());
    }
  }

  /** The same parameters and moments at another step. */
  private static Snapshot standing(Snapshot snapshot, long step, int divergedAt) {
    Map<String, ShapedArray> arrays = new LinkedHashMap<>(snapshot.arrays());
    arrays.put("diverged.at", ShapedArray.scalar(divergedAt));
    return new Snapshot(step, arrays);
  }

  /**
   * Goes on from a snapshot.
   *
   * @return the loss of the last batch
   */
  private static double trained(Training training, Snapshot from, long to) {
    training.enter(0, new Start(TinyRun.regression().config(), 5, Optional.of(from)));
    training.trainTo(to);
    return training.snapshot(0).array("batch.loss").values()[0];
  }
}
