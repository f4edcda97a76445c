package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource({"-0.0, 0", "0, 0", "-3, -3", "0.25, 0.25", "-0.4, -0.4"})
  void a_value_of_zero_has_no_sign(double value, String written) {
    assertThat(Numbers.value(value)).isEqualTo(written);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "0.0004, 0.40 ms",
    "0.42, 420 ms",
    "0.9996, 1 s",
    "89, 89 s",
    "150, 2.5 min"
  })
  void a_time_has_the_unit_in_which_it_is_written_short(double seconds, String written) {
    assertThat(Numbers.time(seconds)).isEqualTo(written);
  }
}
