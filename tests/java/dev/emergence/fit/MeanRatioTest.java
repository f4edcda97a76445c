package dev.emergence.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeanRatioTest {

  /** Relative variances 1/9 and 1/4, so 1.7423 degrees of freedom; the quantile is scipy's. */
  @Test
  void two_numbers_on_each_side_have_the_interval_of_welch() {
    MeanRatio ratio = MeanRatio.of(List.of(2.0, 4.0), List.of(1.0, 3.0), 0.95);
    assertThat(ratio.value()).isEqualTo(1.5);
    assertThat(ratio.lower()).isCloseTo(0.07550506935, within(1e-8));
    assertThat(ratio.upper()).isCloseTo(29.7993236656, within(1e-6));
    assertThat(ratio.hasInterval()).isTrue();
  }

  @Test
  void one_number_on_a_side_and_numbers_that_do_not_vary_have_none() {
    assertThat(MeanRatio.of(List.of(3.0), List.of(1.0, 3.0), 0.95).hasInterval()).isFalse();
    assertThat(MeanRatio.of(List.of(1.0, 3.0), List.of(3.0), 0.95).hasInterval()).isFalse();
    MeanRatio equal = MeanRatio.of(List.of(3.0, 3.0), List.of(2.0, 2.0), 0.95);
    assertThat(equal.value()).isEqualTo(1.5);
    assertThat(equal.hasInterval()).isFalse();
  }

  @Test
  void means_that_are_not_positive_have_no_ratio() {
    assertThat(MeanRatio.of(List.of(-1.0, 1.0), List.of(1.0, 3.0), 0.95).value()).isNaN();
    assertThat(MeanRatio.of(List.of(1.0, 3.0), List.of(-2.0, 1.0), 0.95).value()).isNaN();
    assertThat(MeanRatio.of(List.of(), List.of(1.0, 3.0), 0.95).value()).isNaN();
  }
}
