package dev.emergence.fit;

import static java.lang.Double.NaN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.TDistribution;
import org.junit.jupiter.api.Test;

class VarianceRatioTest {

  @Test
  void it_is_the_ratio_of_unbiased_variances() {
    VarianceRatio ratio =
        VarianceRatio.of(List.of(1.0, 3.0, 8.0), List.of(2.0, 4.0, 6.0, 8.0), 0.95);
    assertThat(ratio.value()).isCloseTo(13 / (20 / 3.0), within(1e-12));
    assertThat(ratio.lower()).isLessThan(ratio.value());
    assertThat(ratio.upper()).isGreaterThan(ratio.value());
  }

  @Test
  void swapping_the_sides_inverts_it() {
    List<Double> a = List.of(1.0, 3.0, 8.0, 9.0);
    List<Double> b = List.of(2.0, 4.0, 6.0, 8.0, 11.0);
    VarianceRatio ratio = VarianceRatio.of(a, b, 0.9);
    VarianceRatio back = VarianceRatio.of(b, a, 0.9);
    assertThat(back.value()).isCloseTo(1 / ratio.value(), within(1e-12));
    assertThat(back.lower()).isCloseTo(1 / ratio.upper(), within(1e-12));
  }

  @Test
  void the_interval_covers_the_truth_nearly_as_often_as_it_says() {
    int covered = 0;
    Random random = new Random(5);
    for (int i = 0; i < 500; i++) {
      VarianceRatio ratio = VarianceRatio.of(normal(random, 3, 20), normal(random, 1.5, 20), 0.95);
      covered += ratio.lower() < 4 && 4 < ratio.upper() ? 1 : 0;
    }
    // 475 expected; four standard deviations are 20.
    assertThat(covered).isBetween(455, 495);
  }

  @Test
  void without_spread_or_with_few_numbers_there_is_no_ratio_or_no_interval() {
    assertThat(VarianceRatio.of(List.of(1.0, 2.0), List.of(3.0, 3.0), 0.95).value()).isNaN();
    assertThat(VarianceRatio.of(List.of(1.0), List.of(3.0, 4.0), 0.95).value()).isNaN();
    VarianceRatio two = VarianceRatio.of(List.of(1.0, 2.0), List.of(3.0, 5.0), 0.95);
    assertThat(two.value()).isEqualTo(0.25);
    assertThat(two.lower()).isNaN();
  }

  /**
   * One that differs carries the whole variance: leaving it out leaves nothing to take a log of.
   */
  @Test
  void numbers_that_are_equal_but_for_one_have_a_ratio_and_no_interval() {
    double odd = Math.log(350); // has no short form, so that sums of it round
    List<Double> one = List.of(odd, odd, odd, odd, Math.log(400));
    List<Double> other = List.of(2.0, 4.0, 6.0, 8.0);
    VarianceRatio ratio = VarianceRatio.of(one, other, 0.95);
    double step = Math.log(400 / 350.0);
    assertThat(ratio.value()).isCloseTo(step * step / 5 / (20 / 3.0), within(1e-12));
    assertThat(List.of(ratio.lower(), ratio.upper())).containsOnly(NaN);
    assertThat(VarianceRatio.of(other, one, 0.95).lower()).isNaN();
    List<Double> pairs = List.of(0.0, 1.0, 0.0, 1.0);
    assertThat(VarianceRatio.of(pairs, pairs, 0.95)).isEqualTo(new VarianceRatio(1, NaN, NaN));
    assertThat(VarianceRatio.of(List.of(odd, odd, odd), other, 0.95).value()).isNaN();
  }

  private static List<Double> normal(Random random, double deviation, int count) {
    return IntStream.range(0, count).mapToObj(i -> deviation * random.nextGaussian()).toList();
  }

  /** Without one number the variances of 1, 3, 8 are 12.5, 24.5 and 2; those of 2, 4, 9, 5 too. */
  @Test
  void the_interval_is_the_jackknifes_of_logarithms_with_the_degrees_of_freedom_of_welch() {
    double[] above = {12.5, 24.5, 2};
    double[] below = {7, 37 / 3.0, 7 / 3.0, 13};
    double sa = squaredError(above);
    double sb = squaredError(below);
    double freedom = (sa + sb) * (sa + sb) / (sa * sa / 2 + sb * sb / 3);
    double half =
        new TDistribution(freedom).inverseCumulativeProbability(0.95) * Math.sqrt(sa + sb);
    VarianceRatio ratio =
        VarianceRatio.of(List.of(1.0, 3.0, 8.0), List.of(2.0, 4.0, 9.0, 5.0), 0.9);
    assertThat(ratio.value()).isCloseTo(13 / (26 / 3.0), within(1e-12));
    assertThat(ratio.lower()).isCloseTo(ratio.value() * Math.exp(-half), within(1e-9));
    assertThat(ratio.upper()).isCloseTo(ratio.value() * Math.exp(half), within(1e-9));
    assertThat(VarianceRatio.variance(List.of(1.0, 3.0, 8.0))).isEqualTo(13);
  }

  /** (n - 1)/n of the sum of squares. */
  private static double squaredError(double[] variances) {
    double[] logs = Arrays.stream(variances).map(Math::log).toArray();
    double mean = Arrays.stream(logs).average().orElseThrow();
    int n = logs.length;
    return Arrays.stream(logs).map(log -> (log - mean) * (log - mean)).sum() * (n - 1) / n;
  }
}
