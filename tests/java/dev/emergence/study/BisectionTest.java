package dev.emergence.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The first place that passes, found with few measurements. */
class BisectionTest {
  @Property
  void one_crossing_is_found_exactly_with_few_measurements(
      @ForAll @IntRange(min = 1, max = 5000) int count,
      @ForAll @IntRange(min = 2, max = 40) int coarse,
      @ForAll @IntRange(min = 0, max = 6000) int first) {
    AtomicInteger measured = new AtomicInteger();
    Bisection.Values<RuntimeException> values =
        place -> {
          measured.incrementAndGet();
          return place >= first ? 1 : 0;
        };
    Bisection.Bracket found = Bisection.of(count, coarse, values, v -> v > 0.5);
    assertThat(found.isPassed()).isEqualTo(first < count);
    assertThat(found.upper()).isEqualTo(first < count ? first : -1);
    assertThat(found.lower()).isEqualTo(first < count ? first - 1 : count - 1);
    assertThat(found.lost()).isZero();
    int steps = 33 - Integer.numberOfLeadingZeros(count);
    assertThat(measured.get())
        .isLessThanOrEqualTo(coarse + steps)
        .isEqualTo(found.measured().size());
  }

  @Test
  void what_is_lost_again_on_the_coarse_look_is_counted_and_the_first_bracket_is_taken() {
    double[] values = {0, 0, 1, 0, 0, 1, 1, 0, 1};
    Bisection.Bracket found = Bisection.of(9, 9, place -> values[place], v -> v > 0.5);
    assertThat(found.lower()).isEqualTo(1);
    assertThat(found.upper()).isEqualTo(2);
    assertThat(found.lost()).isEqualTo(2);
  }

  @Test
  void a_number_that_is_none_does_not_pass() {
    Bisection.Bracket found = Bisection.of(3, 2, place -> Double.NaN, v -> v > 0.5);
    assertThat(found.isPassed()).isFalse();
    assertThat(found.lower()).isEqualTo(2);
  }
}
