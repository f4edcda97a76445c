package dev.emergence.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumeralTest {
  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "1, 1",
    "-2.5, -2.5",
    "0.83801, 0.838",
    "7.8414, 7.841",
    "0.001, 0.001",
    "0.00099999, 0.001",
    "0.0003, 3·10⁻⁴",
    "-0.00012345, -1.234·10⁻⁴",
    "0.0001, 10⁻⁴",
    "-1e-12, -10⁻¹²",
    "999949, 999900",
    "999951, 10⁶",
    "12345678, 1.235·10⁷",
    "1e300, 10³⁰⁰",
    "4.9e-324, 4.941·10⁻³²⁴",
    "Infinity, ∞",
    "-Infinity, -∞",
    "NaN, –"
  })
  void numbers_have_four_digits_and_powers_of_ten_where_they_are_small_or_large(
      double value, String text) {
    assertThat(Numeral.of(value)).isEqualTo(text);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "0.0003, 3·10⁻⁴",
    "0.123456789, 0.123456789",
    "1234567, 1.234567·10⁶",
    "64, 64",
    "0.1, 0.1",
    "0, 0"
  })
  void settings_keep_all_their_digits(double value, String text) {
    assertThat(Numeral.setting(value)).isEqualTo(text);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "0.97983, 0.9798",
    "1, 1.0000",
    "0.99993, 0.999930",
    "0.5, 0.5000",
    "-3.25, -3.2500",
    "0.99999999, 1.0000000",
    "NaN, –"
  })
  void a_share_near_one_has_the_digits_that_tell_it_from_one(double value, String text) {
    assertThat(Numeral.share(value)).isEqualTo(text);
  }

  @Test
  void a_thousandth_is_plain_and_a_million_is_not() {
    assertThat(Numeral.isPlain(1e-3)).isTrue();
    assertThat(Numeral.isPlain(Math.nextDown(1e-3))).isFalse();
    assertThat(Numeral.isPlain(Math.nextDown(1e6))).isTrue();
    assertThat(Numeral.isPlain(1e6)).isFalse();
    assertThat(Numeral.isPlain(0)).isTrue();
  }
}
