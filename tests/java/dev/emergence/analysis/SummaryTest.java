package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
  /** Deviations -1, 3, -2 from the mean 3: the variance is 14/2. */
  @Test
  void known_values_have_a_mean_a_deviation_of_the_sample_and_their_ends() {
    Summary summary =
        Summary.of(
            List.of(
                new Value(2, false),
                new Value(6, false),
                new Value(40, true),
                new Value(1, false),
                new Value(70, true),
                new Value(50, true)),
            8);
    assertThat(summary.mean()).isEqualTo(3);
    assertThat(summary.std()).isCloseTo(Math.sqrt(7), within(1e-12));
    assertThat(summary.sem()).isCloseTo(Math.sqrt(7 / 3.0), within(1e-12));
    assertThat(summary.min()).isEqualTo(1);
    assertThat(summary.max()).isEqualTo(6);
    assertThat(summary.limit()).isEqualTo(70);
    assertThat(List.of(summary.known(), summary.censored(), summary.seeds()))
        .containsExactly(3, 3, 8);
    assertThat(summary.complete()).isFalse();
  }

  @Test
  void one_value_has_no_deviation_and_none_no_mean() {
    Summary one = Summary.of(List.of(new Value(5, false)), 1);
    assertThat(one.mean()).isEqualTo(5);
    assertThat(one.std()).isNaN();
    assertThat(one.sem()).isNaN();
    assertThat(one.complete()).isTrue();
    Summary none = Summary.of(List.of(), 2);
    assertThat(List.of(none.mean(), none.std(), none.min(), none.max(), none.limit()))
        .containsOnly(Double.NaN);
  }

  @Test
  void equal_numbers_have_their_own_mean_and_no_spread() {
    List<Value> equal = Collections.nCopies(6, new Value(0.3, false));
    Summary summary = Summary.of(equal, 6);
    assertThat(summary.mean()).isEqualTo(0.3);
    assertThat(summary.std()).isZero();
  }
}
