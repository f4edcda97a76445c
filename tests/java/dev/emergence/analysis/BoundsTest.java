package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundsTest {

  /** Over what may be 0, or with an unknown sign, a ratio may be any. */
  @ParameterizedTest(name = "[{0}, {1}] over [{2}, {3}]")
  @CsvSource({
    "6, 6, 2, 2, 3, 3",
    "6, 12, 2, 3, 2, 6",
    "6, Infinity, 2, 3, 2, Infinity",
    "-6, -6, 3, 3, -2, -2",
    "6, 6, -4, -4, -1.5, -1.5",
    "0, 0, 5, 5, 0, 0",
    "5, 5, 0, 0, NaN, NaN",
    "5, 5, 0, 2, NaN, NaN",
    "-1, 5, 2, 2, NaN, NaN",
    "-6, -6, 2, 4, NaN, NaN",
    "NaN, NaN, 2, 2, NaN, NaN"
  })
  void the_ratio_of_two_lies_between_its_extremes(
      double lower, double upper, double otherLower, double otherUpper, double low, double high) {
    assertThat(new Bounds(lower, upper).over(new Bounds(otherLower, otherUpper)))
        .isEqualTo(new Bounds(low, high));
  }

  @ParameterizedTest
  @CsvSource({
    "3, 3, 3",
    "3, Infinity, at least 3",
    "0, 4, at most 4",
    "-1, 4, at most 4",
    "3, 4, 3 to 4",
    "0, Infinity, unknown",
    "-1, Infinity, unknown",
    "NaN, NaN, unknown"
  })
  void it_is_said_from_which_side_it_is_known(double lower, double upper, String words) {
    assertThat(new Bounds(lower, upper).words()).isEqualTo(words);
  }
}
