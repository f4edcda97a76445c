package dev.emergence.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MeanIntervalTest {

  /** Standard error sqrt(42/18/3); Student's quantiles of two degrees of freedom from tables. */
  @Test
  void three_numbers_have_the_interval_of_student_and_what_is_no_number_is_left_out() {
    double[] values = {1, Double.NaN, 2, 4};
    double error = Math.sqrt(42.0 / 18 / 3);
    MeanInterval wide = MeanInterval.of(values, 0.95);
    assertThat(wide.count()).isEqualTo(3);
    assertThat(wide.mean()).isCloseTo(7.0 / 3, within(1e-12));
    assertThat(wide.lower()).isCloseTo(7.0 / 3 - 4.302653 * error, within(1e-5));
    assertThat(wide.upper()).isCloseTo(7.0 / 3 + 4.302653 * error, within(1e-5));
    assertThat(wide.hasInterval()).isTrue();
    assertThat(MeanInterval.of(values, 0.9).upper())
        .isCloseTo(7.0 / 3 + 2.919986 * error, within(1e-5));
  }

  @Test
  void equal_numbers_have_a_mean_and_no_interval_of_no_width() {
    MeanInterval equal = MeanInterval.of(new double[] {0.1, 0.1, 0.1}, 0.95);
    assertThat(equal.mean()).isCloseTo(0.1, within(1e-15));
    assertThat(equal.count()).isEqualTo(3);
    assertThat(equal.hasInterval()).isFalse();
    assertThat(MeanInterval.of(new double[] {1, 1}, 0.95).upper()).isNaN();
  }

  @Test
  void fewer_than_two_numbers_have_no_interval() {
    MeanInterval one = MeanInterval.of(new double[] {5, Double.NaN}, 0.95);
    assertThat(one.mean()).isEqualTo(5);
    assertThat(one.lower()).isNaN();
    assertThat(one.hasInterval()).isFalse();
    assertThat(MeanInterval.of(new double[0], 0.95).mean()).isNaN();
  }

  /** Half their distance times Student's quantile of one degree of freedom. */
  @Test
  void two_numbers_have_an_interval() {
    MeanInterval two = MeanInterval.of(new double[] {1, 4}, 0.95);
    assertThat(two.lower()).isCloseTo(2.5 - 12.706205 * 1.5, within(1e-4));
    assertThat(two.upper()).isCloseTo(2.5 + 12.706205 * 1.5, within(1e-4));
  }
}
