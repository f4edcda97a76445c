package dev.emergence.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Spacing;
import dev.emergence.spec.MeasurementSpec.Stop;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.RepetitionSpec.Change;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.ToySpec.Dynamics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ToyRunTest {

  @Test
  void rows_around_a_crossing_give_its_time_to_whatever_reads_them() {
    Trajectory run = Toys.with(512, 64, 1, 0).until(9000, 12).integrate();
    double crossing = run.crossings().get("plateau");
    double[] loss = run.column("test.loss");
    int first = 0;
    while (loss[first] >= 0.1) {
      first++;
    }
    assertThat(run.times()[first])
        .isGreaterThanOrEqualTo(crossing)
        .isCloseTo(crossing, withPercentage(1e-7));
    assertThat(run.times()[first - 1])
        .isLessThan(crossing)
        .isCloseTo(crossing, withPercentage(1e-7));
    assertThat(loss[first]).isEqualTo(0.1, offset(1e-7));
  }

  @Test
  void rows_start_at_0_come_when_asked_and_stop_at_the_end() {
    Trajectory run = Toys.with(512, 64, 1, 0).until(9000, 12).integrate();
    assertThat(run.times()[0]).isZero();
    assertThat(run.end()).isEqualTo(9000);
    assertThat(run.times())
        .contains(750, 1500, 2250, 3000, 3750, 4500, 5250, 6000, 6750, 7500, 8250);
    for (int row = 1; row < run.times().length; row++) {
      assertThat(run.times()[row]).isGreaterThan(run.times()[row - 1]);
      assertThat(run.values()[row]).hasSameSizeAs(run.columns());
    }
    assertThat(run.failure()).isEmpty();
  }

  @Test
  void between_rows_no_coordinate_moves_far_however_short_the_transition_is() {
    for (double crossSample : new double[] {0, 0.4}) {
      Trajectory run = Toys.with(512, 64, 1, crossSample).until(1e6, 5).integrate();
      for (String column : List.of("w", "w_tilde", "delta_a")) {
        double[] values = run.column(column);
        for (int row = 1; row < values.length; row++) {
          double move =
              Math.abs(values[row] - values[row - 1]) / Math.max(1, Math.abs(values[row - 1]));
          assertThat(move).as("%s to %g", column, run.times()[row]).isLessThan(0.0201);
        }
      }
      assertThat(run.times()).as("rows").hasSizeBetween(200, 700);
    }
  }

  @Test
  void logarithmic_rows_cover_the_last_six_decades() {
    assertThat(new Sampling(7, Spacing.LOG).times(5e6))
        .containsExactly(new double[] {5, 50, 500, 5e3, 5e4, 5e5, 5e6}, offset(1e-6));
  }

  @Test
  void a_run_may_stop_a_share_of_time_after_its_threshold() {
    Trajectory run = Toys.with(512, 64, 1, 0).integrate();
    assertThat(run.end()).isCloseTo(run.crossings().get("plateau"), withPercentage(1e-6));
    assertThat(new Course.Leg(100, List.of("a"), 0.25).end(Map.of("a", 40.0))).isEqualTo(50);
    assertThat(new Course.Leg(100, List.of("a"), 0.25).end(Map.of())).isEqualTo(100);
  }

  @Test
  void a_run_may_wait_for_the_last_of_several_thresholds() {
    Stop both = new Stop(Optional.of("early"), List.of("late"), 0.5, false);
    Map<String, Threshold> levels =
        Map.of(
            "early", Toys.below("test.loss", 0.4),
            "late", Toys.below("test.loss", 0.1),
            "never", Toys.below("test.loss", -1));
    RunConfig config = Toys.with(512, 64, 1, 0).config();
    Trajectory waited = ToyRun.integrate(config, List.of(new Goal(1e6, levels, both)));
    assertThat(waited.end()).isCloseTo(1.5 * waited.crossings().get("late"), withPercentage(1e-6));
    assertThat(waited.crossings().get("early")).isLessThan(waited.crossings().get("late"));
    Stop forever = new Stop(Optional.of("early"), List.of("never"), 0.5, false);
    Trajectory whole = ToyRun.integrate(config, List.of(new Goal(1e4, levels, forever)));
    assertThat(whole.end()).isEqualTo(1e4);
  }

  @Test
  void a_run_that_several_conditions_share_goes_on_until_all_have_what_they_want() {
    Goal early =
        Goal.of(
            Toys.with(512, 64, 1, 0).threshold("plateau", Toys.below("test.loss", 0.4)).config());
    Goal late = Goal.of(Toys.with(512, 64, 1, 0).config());
    Goal to6000 = Goal.of(Toys.with(512, 64, 1, 0).until(6000, 9).config());
    RunConfig config = Toys.with(512, 64, 1, 0).config();
    assertThat(ToyRun.integrate(config, List.of(early)).end()).isLessThan(5318);
    Trajectory both = ToyRun.integrate(config, List.of(early, late));
    assertThat(both.end()).isEqualTo(5319.3, offset(0.1));
    assertThat(both.crossings()).containsOnlyKeys("plateau", "plateau (2)");
    Trajectory all = ToyRun.integrate(config, List.of(early, to6000, late));
    assertThat(all.end()).isEqualTo(6000);
    assertThat(all.crossings()).containsOnlyKeys("plateau", "plateau (2)");
    assertThat(all.crossings().get("plateau (2)")).isEqualTo(5319.27, offset(0.01));
  }

  @Test
  void a_goal_that_stops_after_no_threshold_is_refused() {
    var stop = new Stop(Optional.of("solved"), 0, false);
    assertThatThrownBy(() -> new Goal(10, Map.of("plateau", Toys.below("test.loss", 0.1)), stop))
        .hasMessageContaining("'solved'")
        .hasMessageContaining("plateau");
    assertThatThrownBy(() -> new Goal(Double.NaN, Map.of(), new Stop(Optional.empty(), 0, true)))
        .hasMessageContaining("NaN");
  }

  @Test
  void a_threshold_that_is_never_reached_is_no_crossing() {
    Trajectory run = Toys.with(512, 64, 1, 0).until(3000, 5).integrate();
    assertThat(run.crossings()).isEmpty();
    assertThat(run.end()).isEqualTo(3000);
  }

  @Test
  void a_threshold_that_holds_from_the_start_is_crossed_at_0() {
    Trajectory run =
        Toys.with(512, 64, 1, 0).threshold("easy", Toys.below("test.loss", 0.7)).integrate();
    assertThat(run.crossings().get("easy")).isZero();
  }

  @Test
  void relative_thresholds_are_shares_of_the_first_value() {
    Threshold fifth =
        new Threshold("test.loss", Optional.of(0.2), Optional.empty(), Relative.INITIAL, 1);
    Trajectory run = Toys.with(512, 64, 1, 0).threshold("fifth", fifth).until(9000, 5).integrate();
    assertThat(run.crossings().get("fifth"))
        .isEqualTo(run.crossings().get("plateau"), offset(1e-6));
  }

  @Test
  void cross_sample_repetition_that_ends_at_a_time_leaves_its_head_start() {
    Trajectory changed = Toys.with(512, 64, 1, 0.4).change(at(1000, 0.0)).integrate();
    double plateau = changed.crossings().get("plateau");
    assertThat(plateau)
        .isGreaterThan(Toys.with(512, 64, 1, 0.4).plateau())
        .isLessThan(Toys.with(512, 64, 1, 0).plateau());
    double[] crossSample = changed.column("cross_sample");
    for (int row = 0; row < crossSample.length; row++) {
      assertThat(crossSample[row])
          .as("at %g", changed.times()[row])
          .isEqualTo(changed.times()[row] <= 1000 ? 0.4 : 0);
    }
  }

  @Test
  void a_change_when_the_loss_passes_a_level_comes_at_that_time() {
    Change release =
        new Change(
            Optional.empty(),
            Optional.of(Toys.below("train.loss", 0.3)),
            Optional.empty(),
            Optional.of(0.0));
    Toys toys = Toys.with(512, 64, 1, 0.4).threshold("released", Toys.below("train.loss", 0.3));
    Trajectory run = toys.change(release).until(4000, 4000).integrate();
    double[] crossSample = run.column("cross_sample");
    int first = 0;
    while (crossSample[first] > 0) {
      first++;
    }
    assertThat(run.times()[first]).isEqualTo(run.crossings().get("released"), offset(1.0));
    Trajectory timed =
        Toys.with(512, 64, 1, 0.4)
            .change(at(run.crossings().get("released"), 0.0))
            .until(4000, 4000)
            .integrate();
    assertThat(run.crossings().get("plateau"))
        .isEqualTo(timed.crossings().get("plateau"), offset(1e-3));
  }

  @Test
  void two_changes_follow_each_other_and_a_change_that_changes_nothing_is_none() {
    double once = Toys.with(512, 64, 1, 0.1).plateau();
    assertThat(Toys.with(512, 64, 1, 0.1).change(at(700, 0.1), at(1900, 0.1)).plateau())
        .isCloseTo(once, withPercentage(1e-6));
    double faster = Toys.with(512, 64, 1, 0).change(at(700, 0.2), at(1900, 0.4)).plateau();
    assertThat(faster)
        .isBetween(Toys.with(512, 64, 1, 0.4).plateau(), Toys.with(512, 64, 1, 0).plateau());
  }

  @Test
  void a_jump_of_the_loss_across_a_level_is_a_crossing_at_the_change() {
    Change more =
        new Change(Optional.of(900.0), Optional.empty(), Optional.of(400), Optional.empty());
    Trajectory run =
        Toys.with(512, 64, 1, 0)
            .threshold("jump", Toys.above("attention.relevant", 0.5))
            .change(more)
            .until(1000, 10)
            .integrate();
    assertThat(run.crossings().get("jump")).isCloseTo(900, withPercentage(1e-6));
    assertThat(run.column("in_context")).startsWith(1, 1).endsWith(400);
  }

  @Test
  void a_test_set_as_trained_keeps_the_repetition_that_training_begins_with() {
    Change change =
        new Change(Optional.of(20.0), Optional.empty(), Optional.of(3), Optional.of(0.7));
    Trajectory run =
        Toys.with(12, 5, 2, 0.25)
            .asTrained("open")
            .testSet("written", 2, 0.25)
            .change(change)
            .until(60, 30)
            .integrate();
    assertThat(run.column("open.loss")).containsExactly(run.column("written.loss"));
    assertThat(run.column("train.loss")).isNotEqualTo(run.column("open.loss"));
  }

  @Test
  void momentum_multiplies_the_learning_rate() {
    double plain = Toys.with(256, 16, 1, 0).descent(0.5, 0).plateau();
    assertThat(plain).isCloseTo(2 * 1368.8, withPercentage(0.5));
    assertThat(Toys.with(256, 16, 1, 0).descent(0.05, 0.9).plateau())
        .isCloseTo(plain, withPercentage(3));
  }

  @Test
  void descent_changes_repetition_too() {
    double flow = Toys.with(256, 16, 1, 0).change(at(300, 0.4)).plateau();
    assertThat(Toys.with(256, 16, 1, 0).change(at(300, 0.4)).descent(1, 0).plateau())
        .isEqualTo(flow, offset(6.0));
  }

  @Test
  void descent_that_diverges_says_at_which_step() {
    Trajectory run = Toys.with(64, 4, 1, 0).descent(1e4, 0).until(5000, 2).integrate();
    assertThat(run.failure())
        .matches("not finite at step \\d+: the learning rate 10000 is too large");
    assertThat(run.end()).isLessThan(5000);
  }

  @Test
  void an_end_out_of_reach_is_an_error_that_says_what_to_do() {
    var phase =
        new Phase(
            ReducedFlow.of(new Setting(2, 64, 1, 0), dev.emergence.spec.ToySpec.Scores.TIED),
            new Observables(),
            Optional.empty());
    Course course = Course.to(1e9, List.of());
    assertThatThrownBy(
            () ->
                new FlowSolver(1e-9, 1e-12, 10_000)
                    .run(List.of(phase), new double[2], course, new Sampling(2, Spacing.LINEAR)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("10,000")
        .hasMessageContaining("lower training.max_time or stop after a threshold");
  }

  @Test
  void a_threshold_on_a_column_that_is_not_recorded_is_refused() {
    RunConfig config = Toys.with(64, 8, 1, 0).config();
    Goal goal =
        new Goal(
            10,
            Map.of("x", Toys.below("clean.accuracy", 0.5)),
            new Stop(Optional.empty(), 0, true));
    assertThatThrownBy(() -> ToyRun.integrate(config, List.of(goal)))
        .hasMessageContaining("no column 'clean.accuracy'")
        .hasMessageContaining("test.loss, train.loss, w");
  }

  @Test
  void a_curve_has_the_columns_that_files_may_name() {
    RunConfig reduced = Toys.with(64, 8, 2, 0).change(at(5, 0.1)).until(10, 2).config();
    assertThat(ToyRun.integrate(reduced).columns())
        .containsExactlyInAnyOrderElementsOf(Metrics.of(reduced));
    assertThat(Toys.with(64, 8, 2, 0).until(10, 2).integrate().columns())
        .containsExactlyInAnyOrderElementsOf(Metrics.of(Toys.with(64, 8, 2, 0).config()));
    RunConfig full = Toys.with(6, 2, 2, 0.5).dynamics(Dynamics.FULL).until(10, 2).config();
    ToyStart start =
        new ToyStart(new double[][] {{1, 0}, {0, 1}}, new double[2][2], new double[] {1, 0});
    assertThat(ToyRun.integrate(full, start).columns())
        .containsExactlyInAnyOrderElementsOf(Metrics.of(full));
  }

  @Test
  void full_dynamics_without_a_target_are_refused() {
    assertThatThrownBy(() -> Toys.with(64, 8, 1, 0).dynamics(Dynamics.FULL).integrate())
        .hasMessageContaining("REDUCED");
  }

  private static Change at(double time, double crossSample) {
    return new Change(
        Optional.of(time), Optional.empty(), Optional.empty(), Optional.of(crossSample));
  }
}
