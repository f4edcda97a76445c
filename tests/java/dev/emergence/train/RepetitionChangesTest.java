package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.RepetitionSpec;
import dev.emergence.spec.RepetitionSpec.Change;
import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.ShapedArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Repetition that changes during training. */
class RepetitionChangesTest {

  private static Change at(double step, int inContext) {
    return new Change(
        Optional.of(step), Optional.empty(), Optional.of(inContext), Optional.empty());
  }

  private static Change below(double level, Relative unit, int hold, double crossSample) {
    Threshold when = new Threshold("test.loss", Optional.of(level), Optional.empty(), unit, hold);
    return new Change(
        Optional.empty(), Optional.of(when), Optional.empty(), Optional.of(crossSample));
  }

  private static double[] parameters(Backend backend, RepetitionSpec repetition, int steps) {
    try (Training training =
        Trainer.create(
            backend, List.of(TinyRun.regression().repetition(repetition).config()), List.of(4))) {
      for (int step = 0; step <= steps; step += TinyRun.EVALUATE_EVERY) {
        training.trainTo(step);
        training.react(0, training.evaluate()[0]);
      }
      return training.parameters(0).get("readout.weight").values();
    }
  }

  @Test
  void replicas_have_the_same_changes() {
    TinyRun run = TinyRun.regression();
    List<RunConfig> configs =
        List.of(
            run.repetition(TinyRun.repetition(1, 0)).config(),
            run.repetition(TinyRun.repetition(1, 0, at(3, 2))).config());
    try (Backend backend = new ReferenceBackend()) {
      assertThatThrownBy(() -> Trainer.create(backend, configs, List.of(4, 5)))
          .hasMessageContaining("must have equal repetition.changes");
    }
  }

  @Test
  void a_change_at_a_step_begins_with_the_batch_after_it() {
    RepetitionChanges changes = new RepetitionChanges(TinyRun.repetition(1, 0.1, at(3, 2)));
    assertThat(changes.next()).isEqualTo(3);
    assertThat(changes.reached(2)).isFalse();
    assertThat(changes.inContext()).isEqualTo(1);
    assertThat(changes.reached(3)).isTrue();
    assertThat(changes.inContext()).isEqualTo(2);
    assertThat(changes.crossSample()).isEqualTo(0.1);
    assertThat(changes.next()).isEqualTo(Long.MAX_VALUE);
    try (Backend backend = new ReferenceBackend()) {
      double[] steady = parameters(backend, TinyRun.repetition(1, 0), 4);
      assertThat(parameters(backend, TinyRun.repetition(1, 0, at(4, 3)), 4))
          .containsExactly(steady);
      assertThat(parameters(backend, TinyRun.repetition(1, 0, at(3, 3)), 4)).isNotEqualTo(steady);
      double[] changed = parameters(backend, TinyRun.repetition(3, 0), 4);
      assertThat(parameters(backend, TinyRun.repetition(1, 0, at(0, 3)), 4))
          .containsExactly(changed);
    }
  }

  @Test
  void changes_wait_for_those_before_them() {
    RepetitionChanges changes =
        new RepetitionChanges(
            TinyRun.repetition(1, 0, below(0.5, Relative.ABSOLUTE, 1, 0.3), at(4, 2)));
    assertThat(changes.reached(10)).isFalse();
    assertThat(changes.measured(10, metric -> 0.4)).isTrue();
    assertThat(changes.crossSample()).isEqualTo(0.3);
    assertThat(changes.inContext()).isEqualTo(2);
  }

  @Test
  void a_level_counts_in_multiples_of_the_first_value_and_must_hold() {
    RepetitionChanges changes =
        new RepetitionChanges(TinyRun.repetition(1, 0, below(0.5, Relative.INITIAL, 2, 0.3)));
    double[] losses = {0.8, 0.39, 0.41, 0.39, 0.38};
    boolean[] expected = {false, false, false, false, true};
    for (int i = 0; i < losses.length; i++) {
      double loss = losses[i];
      assertThat(changes.measured(2L * i, metric -> metric.equals("test.loss") ? loss : Double.NaN))
          .as("row %d", i)
          .isEqualTo(expected[i]);
    }
  }

  @Test
  void waiting_goes_on_from_a_snapshot() {
    RepetitionSpec spec = TinyRun.repetition(1, 0, below(0.5, Relative.INITIAL, 2, 0.3));
    RepetitionChanges changes = new RepetitionChanges(spec);
    changes.measured(0, metric -> 0.8);
    changes.measured(2, metric -> 0.39);
    Map<String, ShapedArray> kept = new LinkedHashMap<>();
    changes.save(kept);
    RepetitionChanges resumed = new RepetitionChanges(spec);
    resumed.restore(new Snapshot(2, kept));
    assertThat(resumed.measured(4, metric -> 0.39)).isTrue();
  }

  @Test
  void a_change_that_waits_for_a_metric_comes_about_when_it_is_measured() {
    try (Backend backend = new ReferenceBackend()) {
      Change clock =
          new Change(Optional.of(2.0), Optional.empty(), Optional.empty(), Optional.of(1.0));
      double[] at = parameters(backend, TinyRun.repetition(1, 0, clock), 6);
      double[] always =
          parameters(backend, TinyRun.repetition(1, 0, below(1e9, Relative.ABSOLUTE, 2, 1.0)), 6);
      assertThat(always).containsExactly(at);
    }
  }

  @Test
  void measuring_by_itself_brings_no_change_about() {
    try (Backend backend = new ReferenceBackend()) {
      RepetitionSpec waiting = TinyRun.repetition(1, 0, below(1e9, Relative.ABSOLUTE, 2, 1.0));
      try (Training training =
          Trainer.create(
              backend, List.of(TinyRun.regression().repetition(waiting).config()), List.of(1))) {
        int column = training.columns().indexOf("cross_sample");
        for (int i = 0; i < 4; i++) {
          assertThat(training.evaluate()[0][column]).isZero();
        }
        training.react(0, training.evaluate()[0]);
        training.react(0, training.evaluate()[0]);
        assertThat(training.evaluate()[0][column]).isEqualTo(1);
      }
    }
  }

  /** Passed beyond the level alone, of which 0.4 is twice the first value. */
  @Test
  void a_change_may_wait_for_a_metric_to_rise() {
    for (Relative unit : new Relative[] {Relative.ABSOLUTE, Relative.INITIAL}) {
      double level = unit == Relative.INITIAL ? 2 : 0.4;
      Threshold when =
          new Threshold("test.accuracy", Optional.empty(), Optional.of(level), unit, 1);
      Change rise =
          new Change(Optional.empty(), Optional.of(when), Optional.of(3), Optional.empty());
      RepetitionChanges changes = new RepetitionChanges(TinyRun.repetition(1, 0, rise));
      assertThat(changes.measured(0, metric -> 0.2)).isFalse();
      assertThat(changes.measured(2, metric -> 0.4)).isFalse();
      assertThat(changes.inContext()).isEqualTo(1);
      assertThat(changes.measured(4, metric -> 0.41)).isTrue();
      assertThat(changes.inContext()).isEqualTo(3);
    }
  }

  @Test
  void a_level_that_is_only_met_changes_nothing() {
    RepetitionChanges changes =
        new RepetitionChanges(TinyRun.repetition(1, 0, below(0.5, Relative.ABSOLUTE, 1, 0.3)));
    assertThat(changes.measured(2, metric -> 0.5)).isFalse();
    assertThat(changes.measured(4, metric -> 0.49)).isTrue();
  }
}
