package dev.emergence.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.result.Curve;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EmergenceTest {
  private static final double NAN = Double.NaN;

  @Test
  void
      the_step_is_the_first_evaluation_that_passes_and_the_bracket_reaches_back_to_the_one_before() {
    Emergence.Reached reached = reached(below(0.1), 0.5, 0.4, 0.2, 0.05, 0.01);
    assertThat(reached.step()).isEqualTo(150);
    assertThat(reached.lower()).isEqualTo(100);
    assertThat(reached.lastUpCrossing()).isEqualTo(150);
    assertThat(reached.threshold()).isEqualTo("plateau");
  }

  @Test
  void interpolation_takes_the_logarithm_of_the_metric_as_linear_in_the_step() {
    // From 0.2 down to 0.05 the level 0.1 is half way in logarithms.
    assertThat(reached(below(0.1), 0.5, 0.4, 0.2, 0.05).interpolated())
        .isCloseTo(125, within(1e-9));
  }

  @Test
  void interpolation_is_linear_where_a_value_is_not_positive() {
    assertThat(reached(above(0.05), 0.0, 0.2).interpolated()).isCloseTo(12.5, within(1e-9));
  }

  @Test
  void an_exponential_decay_is_met_at_its_true_time() {
    double[] values = new double[40];
    for (int k = 0; k < values.length; k++) {
      values[k] = 0.5 * Math.exp(-k * 50 / 300.0);
    }
    assertThat(reached(below(0.1), values).interpolated())
        .isCloseTo(300 * Math.log(5), within(1e-9));
  }

  @Test
  void a_smoothed_metric_that_stays_at_its_level_has_not_passed_it() {
    for (double at : new double[] {0.1, 0.35, 0.4, 0.7, 0.95}) {
      for (Threshold plain : List.of(below(at), above(at))) {
        Threshold smooth =
            new Threshold(plain.metric(), plain.below(), plain.above(), plain.relativeTo(), 1, 3);
        assertThat(read(smooth, at, at, at, at)).isInstanceOf(Emergence.Unreached.class);
      }
    }
  }

  @Test
  void a_smoothed_metric_is_its_mean_with_the_evaluations_before() {
    Threshold plain = below(0.1);
    Threshold smooth =
        new Threshold(plain.metric(), plain.below(), plain.above(), plain.relativeTo(), 1, 3);
    double[] noisy = {0.3, 0.3, 0.05, 0.2, 0.06, 0.03, 0.03};
    assertThat(reached(plain, noisy).step()).isEqualTo(100);
    assertThat(reached(smooth, noisy).step()).isEqualTo(250);
  }

  @Test
  void rows_are_crossed_by_the_first_of_them_and_by_all() {
    Curve curve =
        new Curve(
            List.of("test.loss", "test.loss.row.0", "test.loss.row.1"),
            new double[] {0, 50, 100, 150},
            new double[][] {{1, 1, 1}, {0.5, 0.05, 0.9}, {0.3, 0.02, 0.3}, {0.1, 0.01, 0.04}});
    assertThat(step(curve, "min(test.loss.row.*)")).isEqualTo(50);
    assertThat(step(curve, "max(test.loss.row.*)")).isEqualTo(150);
    assertThat(curve.column("test.loss_gain")).containsExactly(0, -0.5, -0.7, -0.9);
    assertThat(curve.has("max(test.loss.state.*)")).isFalse();
  }

  private static double step(Curve curve, String metric) {
    Threshold below =
        new Threshold(metric, Optional.of(0.1), Optional.empty(), Relative.ABSOLUTE, 1);
    return ((Emergence.Reached) Emergence.of(curve, "rows", below)).step();
  }

  @Test
  void a_level_that_is_only_touched_is_not_crossed() {
    assertThat(read(below(0.1), 0.5, 0.1, 0.1)).isEqualTo(new Emergence.Unreached("plateau", 100));
  }

  @Test
  void an_accuracy_must_exceed_its_level() {
    assertThat(reached(above(0.95), 0.1, 0.95, 0.96).step()).isEqualTo(100);
  }

  @Test
  void never_crossed_is_unreached_with_the_last_step() {
    assertThat(read(below(0.1), 0.5, 0.4, 0.3)).isEqualTo(new Emergence.Unreached("plateau", 100));
    assertThat(read(below(0.1))).isEqualTo(new Emergence.Unreached("plateau", 0));
  }

  @Test
  void a_relative_level_is_a_multiple_of_the_first_value() {
    Threshold fifth = threshold(Optional.of(0.2), Optional.empty(), Relative.INITIAL, 1);
    assertThat(reached(fifth, 3.0, 0.7, 0.59).step()).isEqualTo(100);
    assertThat(read(fifth, NAN, 0.0001)).isInstanceOf(Emergence.Unreached.class);
  }

  @Test
  void hold_asks_for_evaluations_in_a_row_and_dates_emergence_at_the_first_of_them() {
    double[] noisy = {0.01, 0.06, 0.03, 0.07, 0.08, 0.09};
    assertThat(reached(above(0.05, 1), noisy).step()).isEqualTo(50);
    assertThat(reached(above(0.05, 3), noisy).step()).isEqualTo(150);
    assertThat(reached(above(0.05, 3), noisy).lower()).isEqualTo(100);
    assertThat(read(above(0.05, 4), noisy)).isInstanceOf(Emergence.Unreached.class);
  }

  @Test
  void the_last_up_crossing_tells_noise_from_emergence() {
    Emergence.Reached reached = reached(above(0.05), 0.01, 0.06, 0.03, 0.01, 0.7, 0.9);
    assertThat(reached.step()).isEqualTo(50);
    assertThat(reached.lastUpCrossing()).isEqualTo(200);
  }

  @Test
  void a_value_that_is_no_number_never_passes_and_breaks_a_hold() {
    assertThat(read(below(0.1), NAN, NAN, NAN)).isInstanceOf(Emergence.Unreached.class);
    assertThat(reached(above(0.05, 2), 0.0, 0.1, NAN, 0.1, 0.1).step()).isEqualTo(150);
  }

  @Test
  void the_bracket_reaches_back_over_unmeasured_evaluations() {
    Emergence.Reached reached = reached(below(0.1), 0.5, 0.4, NAN, NAN, 0.05);
    assertThat(reached.lower()).isEqualTo(50);
    assertThat(reached.step()).isEqualTo(200);
    assertThat(reached.interpolated()).isBetween(50.0, 200.0);
  }

  @Test
  void a_first_evaluation_that_passes_is_emergence_at_step_0() {
    Emergence.Reached reached = reached(below(0.1), 0.05, 0.01);
    assertThat(reached).isEqualTo(new Emergence.Reached("plateau", 0, 0, 0, 0));
  }

  @Test
  void an_infinite_value_before_the_crossing_leaves_the_crossing_at_its_evaluation() {
    assertThat(reached(below(0.1), Double.POSITIVE_INFINITY, 0.05).interpolated()).isEqualTo(50);
  }

  @Test
  void an_unknown_metric_names_the_known_ones() {
    Threshold other =
        new Threshold("clean.accuracy", Optional.empty(), Optional.of(0.5), Relative.ABSOLUTE, 1);
    assertThatThrownBy(() -> read(other, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no column 'clean.accuracy'; known: test.loss");
  }

  static Threshold below(double level) {
    return threshold(Optional.of(level), Optional.empty(), Relative.ABSOLUTE, 1);
  }

  static Threshold above(double level) {
    return above(level, 1);
  }

  static Threshold above(double level, int hold) {
    return threshold(Optional.empty(), Optional.of(level), Relative.ABSOLUTE, hold);
  }

  static Threshold from(Threshold t, double level) {
    return new Threshold(
        t.metric(),
        t.below(),
        t.above(),
        t.relativeTo(),
        t.hold(),
        t.smooth(),
        Optional.of(level),
        t.member());
  }

  private static Threshold below(double level, int hold) {
    return threshold(Optional.of(level), Optional.empty(), Relative.ABSOLUTE, hold);
  }

  private static Threshold threshold(
      Optional<Double> below, Optional<Double> above, Relative relative, int hold) {
    return new Threshold("test.loss", below, above, relative, hold);
  }

  private static Emergence.Reached reached(Threshold threshold, double... values) {
    Emergence read = read(threshold, values);
    assertThat(read).isInstanceOf(Emergence.Reached.class);
    return (Emergence.Reached) read;
  }

  /** Reads values evaluated every 50 steps. */
  static Emergence read(Threshold threshold, double... values) {
    return Emergence.of(curve(values), "plateau", threshold);
  }

  /** Values of test.loss evaluated every 50 steps. */
  static Curve curve(double... values) {
    double[] steps = new double[values.length];
    double[][] rows = new double[values.length][];
    for (int k = 0; k < values.length; k++) {
      steps[k] = 50 * k;
      rows[k] = new double[] {values[k]};
    }
    return new Curve(List.of("test.loss"), steps, rows);
  }

  @Test
  void a_fall_counts_from_where_the_metric_was_higher() {
    double[] values = {0.1, 0.2, 0.7, 0.5, 0.25, 0.8, 0.1};
    Emergence.Reached fall = reached(from(below(0.3), 0.6), values);
    assertThat(fall.step()).isEqualTo(200);
    assertThat(fall.lower()).isEqualTo(150);
    assertThat(fall.lastUpCrossing()).isEqualTo(300);
    assertThat(reached(below(0.3), values).step()).isZero();
    // 0.7 alone is not high for two evaluations in a row, 0.7 and 0.5 are.
    assertThat(reached(from(below(0.3, 2), 0.4), 0.1, 0.7, 0.1, 0.1, 0.7, 0.5, 0.2, 0.1).step())
        .isEqualTo(300);
    assertThat(read(from(below(0.3, 2), 0.4), 0.1, 0.7, 0.1, 0.1, 0.7, 0.1, 0.1))
        .as("two spikes")
        .isEqualTo(new Emergence.Unreached("plateau", 300));
    Emergence none = read(from(below(0.3), 0.6), 0.1, 0.2, 0.5, 0.2);
    assertThat(none).isEqualTo(new Emergence.Unreached("plateau", 150));
    Emergence high = read(from(below(0.3), 0.6), 0.1, 0.2, 0.7, 0.5);
    assertThat(high).isEqualTo(new Emergence.Unreached("plateau", 150));
  }

  @Test
  void a_rise_counts_from_where_the_metric_was_lower_and_multiples_are_of_the_first_value() {
    assertThat(reached(from(above(0.6), 0.3), 0.9, 0.2, 0.5, 0.7).step()).isEqualTo(150);
    Threshold half = threshold(Optional.empty(), Optional.of(0.5), Relative.INITIAL, 1);
    assertThat(reached(from(half, 0.25), 4, 3, 0.9, 1, 3).step()).isEqualTo(200);
  }

  @Test
  void what_is_not_measured_at_the_start_is_in_no_mean() {
    Threshold plain = below(0.17);
    Threshold smooth =
        new Threshold(plain.metric(), plain.below(), plain.above(), plain.relativeTo(), 1, 5);
    // The loss of a batch has no value at step 0. The means are 0.2, 0.19, 0.18 and 0.165.
    Emergence.Reached reached = reached(smooth, NAN, 0.2, 0.18, 0.16, 0.12);
    assertThat(reached.step()).isEqualTo(200);
    assertThat(reached.lower()).isEqualTo(150);
    assertThat(read(smooth, NAN, NAN)).isInstanceOf(Emergence.Unreached.class);
  }

  @Test
  void a_run_that_waits_for_two_thresholds_ends_after_the_later_one_whichever_it_is() {
    double[] falls = {0.9, 0.5, 0.2, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05};
    Map<String, MeasurementSpec.Threshold> levels =
        Map.of(
            "early",
            below(0.6),
            "late",
            below(0.1),
            "held",
            new Threshold("test.loss", Optional.of(0.6), Optional.empty(), Relative.ABSOLUTE, 6));
    assertThat(waiting(levels, "early").lastStep(curve(falls), 50)).isEqualTo(100);
    assertThat(waiting(levels, "early", "late").lastStep(curve(falls), 50)).isEqualTo(200);
    assertThat(waiting(levels, "late", "early").lastStep(curve(falls), 50)).isEqualTo(200);
    assertThat(waiting(levels, "late", "held").lastStep(curve(falls), 50)).isEqualTo(300);
    double[] unfinished = Arrays.copyOf(falls, 3);
    assertThat(waiting(levels, "early", "late").lastStep(curve(unfinished), 50)).isEqualTo(10000);
    assertThatThrownBy(() -> waiting(levels, "early", "other")).hasMessageContaining("other");
  }

  private static Ending waiting(
      Map<String, MeasurementSpec.Threshold> levels, String when, String... and) {
    return new Ending(
        10000, levels, new MeasurementSpec.Stop(Optional.of(when), List.of(and), 0.3, false));
  }

  @Test
  void a_share_of_the_steps_is_no_evaluation_more_by_rounding() {
    for (int share = 5; share <= 50; share += 5) {
      for (int at = 100; at <= 2000; at += 100) {
        double[] values = new double[at / 50 + 1];
        Arrays.fill(values, 0.5);
        values[at / 50] = 0.01;
        Ending ending =
            new Ending(
                10000,
                Map.of("plateau", below(0.1)),
                new MeasurementSpec.Stop(Optional.of("plateau"), share / 100.0, false));
        long exact = Math.floorDiv(at * (100L + share) + 4999, 5000L) * 50;
        assertThat(ending.lastStep(curve(values), 50))
            .as("%d %% of %d", share, at)
            .isEqualTo(exact);
      }
    }
  }
}
