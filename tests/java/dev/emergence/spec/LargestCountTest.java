package dev.emergence.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The most frequent of equally likely values. */
class LargestCountTest {

  /** All ways to draw, counted one by one. */
  @ParameterizedTest
  @CsvSource({"1, 2", "2, 2", "3, 2", "4, 3", "6, 4", "5, 5", "7, 3"})
  void a_mean_is_that_over_all_draws(int draws, int values) {
    int ways = (int) Math.pow(values, draws);
    double sum = 0;
    for (int way = 0; way < ways; way++) {
      int[] counts = new int[values];
      for (int rest = way, i = 0; i < draws; i++, rest /= values) {
        counts[rest % values]++;
      }
      sum += Arrays.stream(counts).max().orElseThrow();
    }
    assertThat(LargestCount.mean(draws, values)).isCloseTo(sum / ways, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({
    "8, 16, 1e-3",
    "128, 4, 1e-3",
    "129, 4, 0.02",
    "1000, 64, 0.01",
    "4096, 4096, 0.01",
    "4096, 2, 0.01"
  })
  void larger_ones_are_those_of_a_simulation(int draws, int values, double share) {
    Random random = new Random(3);
    int rounds = Math.max(1000, 4_000_000 / draws);
    double sum = 0;
    for (int round = 0; round < rounds; round++) {
      int[] counts = new int[values];
      random.ints(draws, 0, values).forEach(value -> counts[value]++);
      sum += Arrays.stream(counts).max().orElseThrow();
    }
    double mean = sum / rounds;
    assertThat(LargestCount.mean(draws, values)).isCloseTo(mean, within((share + 1e-3) * mean));
  }

  @Test
  void one_value_is_all_draws() {
    assertThat(LargestCount.mean(9, 1)).isCloseTo(9, within(1e-9));
  }
}
