package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SeriesTest {
  private static final Series SERIES =
      new Series(new double[] {10, 30, 40}, new double[] {5, 1, 4}, 1);

  @Test
  void between_evaluations_a_value_lies_on_the_straight_line() {
    assertThat(SERIES.at(10)).isEqualTo(5);
    assertThat(SERIES.at(15)).isCloseTo(4, within(1e-12));
    assertThat(SERIES.at(25)).isCloseTo(2, within(1e-12));
    assertThat(SERIES.at(30)).isEqualTo(1);
    assertThat(SERIES.at(38)).isCloseTo(3.4, within(1e-12));
    assertThat(SERIES.at(40)).isEqualTo(4);
  }

  @Test
  void outside_of_them_there_is_none() {
    assertThat(SERIES.at(9)).isNaN();
    assertThat(SERIES.at(41)).isNaN();
  }

  @Test
  void over_a_time_places_are_shares_of_it() {
    Series over = SERIES.over(20);
    assertThat(over.x()).containsExactly(0.5, 1.5, 2);
    assertThat(over.unit()).isEqualTo(20);
    assertThat(over.at(1)).isCloseTo(3, within(1e-12));
  }
}
