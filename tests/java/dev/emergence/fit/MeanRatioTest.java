package dev.emergence.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
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
    // The sum of six times 0.3, divided by six, is not 0.3.
    List<Double> rounded = Collections.nCopies(6, 0.3);
    assertThat(MeanRatio.of(rounded, rounded, 0.95).hasInterval()).isFalse();
  }

  @Test
  void as_many_numbers_as_are_said_to_be_enough_leave_the_bound_out_and_no_fewer() {
    List<Double> above = List.of(8.0, 12.0);
    List<Double> below = List.of(5.0, 7.0);
    for (double bound : new double[] {0.3, 0.9, 1.2, 1.5, 2.0, 2.5, 4.0, 9}) {
      int enough = MeanRatio.enough(above, below, bound, 0.95).getAsInt();
      assertThat(leavesOut(bound, enough)).as("%d for %g", enough, bound).isTrue();
      assertThat(enough > 2 && leavesOut(bound, enough - 1)).as("%g", bound).isFalse();
    }
    assertThat(MeanRatio.enough(above, below, 10 / 6.0, 0.95)).isEmpty();
    assertThat(MeanRatio.enough(List.of(8.0), below, 2, 0.95)).isEmpty();
  }

  /** Of numbers that have the mean and scatter of those above. */
  private static boolean leavesOut(double bound, int numbers) {
    MeanRatio ratio =
        MeanRatio.of(like(10, Math.sqrt(8), numbers), like(6, Math.sqrt(2), numbers), 0.95);
    return bound < ratio.lower() || bound > ratio.upper();
  }

  private static List<Double> like(double mean, double deviation, int count) {
    double distance = count % 2 == 1 ? deviation : deviation * Math.sqrt((count - 1.0) / count);
    return IntStream.range(0, count)
        .mapToObj(i -> i == count / 2 * 2 ? mean : mean + (i % 2 == 0 ? distance : -distance))
        .toList();
  }

  @Test
  void means_that_are_not_positive_have_no_ratio() {
    assertThat(MeanRatio.of(List.of(-1.0, 1.0), List.of(1.0, 3.0), 0.95).value()).isNaN();
    assertThat(MeanRatio.of(List.of(1.0, 3.0), List.of(-2.0, 1.0), 0.95).value()).isNaN();
    assertThat(MeanRatio.of(List.of(), List.of(1.0, 3.0), 0.95).value()).isNaN();
  }
}
