package dev.emergence.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.result.Curve;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A family of thresholds treats each of its columns as a threshold on it alone would. */
class FamilyCrossingTest {
  private static final double NAN = Double.NaN;

  /** Rows evaluated every 50 steps. */
  private static Curve curve(double[]... rows) {
    double[] steps = new double[rows.length];
    for (int k = 0; k < steps.length; k++) {
      steps[k] = 50 * k;
    }
    return new Curve(List.of("test.loss.row.0", "test.loss.row.1"), steps, rows);
  }

  private static double[] row(double... values) {
    return values;
  }

  private static Emergence below(Curve curve, String metric, int hold, int smooth) {
    Threshold threshold =
        new Threshold(metric, Optional.of(0.1), Optional.empty(), Relative.ABSOLUTE, hold, smooth);
    return Emergence.of(curve, "rows", threshold);
  }

  private static Emergence.Reached first(Curve curve, int hold, int smooth) {
    return (Emergence.Reached) below(curve, "min(test.loss.row.*)", hold, smooth);
  }

  /** Row 0 is low from the start; row 1 falls from 0.9 between 50 and 100. */
  @Test
  void the_first_of_several_falls_is_that_of_a_row_that_was_high_itself() {
    Curve curve = curve(row(0.01, 0.2), row(0.01, 0.9), row(0.01, 0.05), row(0.2, 0.05));
    Threshold fall =
        new Threshold(
            "min(test.loss.row.*)",
            Optional.of(0.1),
            Optional.empty(),
            Relative.ABSOLUTE,
            1,
            1,
            Optional.of(0.6),
            Optional.empty());
    Emergence.Reached reached = (Emergence.Reached) Emergence.of(curve, "rows", fall);
    assertThat(reached.step()).isEqualTo(100);
    assertThat(reached.lower()).isEqualTo(50);
    double share = Math.log(0.9 / 0.1) / Math.log(0.9 / 0.05);
    assertThat(reached.interpolated()).isCloseTo(50 + 50 * share, within(1e-9));
  }

  /** Of neither row are two evaluations in a row low, though at each of them one row is. */
  private static final Curve TAKING_TURNS =
      curve(row(1, 1), row(0.02, 1), row(1, 0.02), row(0.02, 1), row(0.03, 0.02));

  @Test
  void columns_that_pass_in_turn_are_not_one_that_holds() {
    assertThat(first(TAKING_TURNS, 1, 1).step()).isEqualTo(50);
    assertThat(first(TAKING_TURNS, 2, 1).step()).isEqualTo(150);
    assertThat(below(TAKING_TURNS, "min(test.loss.row.*)", 3, 1))
        .isEqualTo(new Emergence.Unreached("rows", 100));
  }

  @Test
  void the_smallest_of_smoothed_columns_is_not_the_smoothed_smallest() {
    // The means of two evaluations are about 0.5 in either row until the last one.
    assertThat(first(TAKING_TURNS, 1, 2).step()).isEqualTo(200);
    assertThat(first(TAKING_TURNS, 1, 2).lower()).isEqualTo(150);
  }

  @Test
  void the_largest_of_smoothed_columns_is_passed_when_the_mean_of_each_is() {
    Curve noisy = curve(row(1, 1), row(0.13, 0.05), row(0.05, 0.13));
    // The mean of the last two is 0.09 in either row, and the larger one is 0.13 in both.
    assertThat(below(noisy, "max(test.loss.row.*)", 1, 2))
        .isInstanceOfSatisfying(
            Emergence.Reached.class, reached -> assertThat(reached.step()).isEqualTo(100));
  }

  @Test
  void all_hold_when_every_column_passes_at_each_evaluation() {
    Curve curve = curve(row(1, 1), row(0.02, 1), row(0.02, 0.02), row(1, 0.02), row(0.02, 0.02));
    assertThat(below(curve, "max(test.loss.row.*)", 2, 1))
        .isEqualTo(new Emergence.Unreached("rows", 150));
    assertThat(first(curve, 2, 1).step()).isEqualTo(50);
  }

  @Test
  void a_time_is_interpolated_on_the_column_that_holds() {
    Curve curve = curve(row(1, 1), row(0.02, 0.4), row(1, 0.025), row(1, 0.02));
    // Row 1 passes 0.1 half way in logarithms; row 0 is low before that, once.
    assertThat(first(curve, 2, 1).step()).isEqualTo(100);
    assertThat(first(curve, 2, 1).interpolated()).isCloseTo(75, within(1e-9));
  }

  @Test
  void a_loss_of_what_emerged_is_seen_where_no_column_holds() {
    Curve curve =
        curve(row(1, 1), row(0.02, 1), row(0.02, 0.02), row(1, 0.02), row(1, 1), row(0.02, 1));
    assertThat(first(curve, 2, 1).lastUpCrossing()).isEqualTo(50);
    assertThat(first(curve, 1, 1).lastUpCrossing()).isEqualTo(250);
  }

  @Test
  void an_evaluation_of_which_a_column_is_unmeasured_passes_for_none() {
    Curve curve = curve(row(1, 1), row(NAN, 0.02), row(1, 0.02), row(1, 0.02));
    assertThat(first(curve, 1, 1).step()).isEqualTo(100);
    assertThat(first(curve, 2, 1).lower()).isEqualTo(0);
  }

  @Test
  void rising_columns_are_treated_alike() {
    Threshold first =
        new Threshold(
            "max(test.loss.row.*)", Optional.empty(), Optional.of(0.5), Relative.ABSOLUTE, 2, 1);
    Curve curve = curve(row(0, 0), row(0.9, 0), row(0, 0.9), row(0, 0.8));
    assertThat(Emergence.of(curve, "rows", first))
        .isInstanceOfSatisfying(
            Emergence.Reached.class, reached -> assertThat(reached.step()).isEqualTo(100));
  }
}
