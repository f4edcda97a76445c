package dev.emergence.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.fit.Exponentiality.Wait;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The test of waiting times keeps its level and finds what it is for. */
class ExponentialityTest {
  private static final double GRID = 10;

  private static Wait at(double time) {
    return new Wait(time, false, 1e6);
  }

  @Test
  void the_score_is_that_of_cox_and_oakes() {
    List<Wait> waits = List.of(at(1), at(2), at(4), at(5), at(7), new Wait(9, true, 9));
    Exponentiality test = Exponentiality.of(waits, 1e-6, 0, 100);
    // d + Σ ln x (emerged) - Σ x ln x (all) d / Σ x (all), over the root of d π²/6, by hand.
    double logs = Math.log(2 * 4 * 5 * 7);
    double weighted =
        2 * Math.log(2) + 4 * Math.log(4) + 5 * Math.log(5) + 7 * Math.log(7) + 9 * Math.log(9);
    double expected = (5 + logs - weighted * 5 / 28) / Math.sqrt(5 * Math.PI * Math.PI / 6);
    assertThat(test.score()).isCloseTo(expected, within(1e-9));
    assertThat(test.mean()).isCloseTo(28 / 5.0, within(1e-9));
    assertThat(test.emerged()).isEqualTo(5);
  }

  @Test
  void counting_from_the_first_emergence_forgets_what_came_before_all() {
    List<Wait> waits = List.of(at(40), at(50), at(90), at(100), at(200), at(230), at(70));
    List<Wait> later = waits.stream().map(w -> at(w.time() + 5000)).toList();
    Exponentiality a = Exponentiality.of(waits, GRID, Double.NaN, 200);
    Exponentiality b = Exponentiality.of(later, GRID, Double.NaN, 200);
    assertThat(b.score()).isEqualTo(a.score());
    assertThat(a.start()).isEqualTo(40);
    assertThat(b.start()).isEqualTo(5040);
    assertThat(a.runs()).as("the first is left out").isEqualTo(6);
  }

  @Test
  void it_refutes_about_one_in_twenty_exponential_samples_delayed_rounded_and_stopped() {
    int refuted = 0;
    int samples = 400;
    for (int i = 0; i < samples; i++) {
      refuted += p(i, 25, 150, 400, u -> -120 * Math.log(1 - u)) <= 0.05 ? 1 : 0;
    }
    // 20 of 400 expected; four standard deviations of a binomial to each side.
    assertThat(refuted).isBetween(3, 38);
  }

  @Test
  void counted_from_a_given_step_it_refutes_about_one_in_twenty_exponential_samples() {
    int refuted = 0;
    int samples = 400;
    for (int i = 0; i < samples; i++) {
      List<Wait> waits = waits(i, 120, 0, 400, u -> -40 * Math.log(1 - u));
      refuted += Exponentiality.of(waits, GRID, 60, 200).p() <= 0.05 ? 1 : 0;
    }
    assertThat(refuted).isBetween(3, 38);
  }

  /** Rounded waits are longer. Drawn by their mean and rounded again, they were too long twice. */
  @ParameterizedTest(name = "evaluations {0} apart, runs watched for {1}")
  @CsvSource({"100, 1e6", "100, 300", "30, 1e6", "30, 150"})
  void looks_as_far_apart_as_the_mean_wait_refute_no_more_exponential_samples(
      double grid, double limit) {
    int refuted = 0;
    int samples = 200;
    for (int i = 0; i < samples; i++) {
      List<Wait> waits = waits(i, 60, grid, 0, limit, u -> -100 * Math.log(1 - u));
      refuted += Exponentiality.of(waits, grid, 0, 200).p() <= 0.05 ? 1 : 0;
    }
    // At most 10 of 200 expected; three standard deviations of a binomial above.
    assertThat(refuted).isLessThanOrEqualTo(20);
  }

  @Test
  void waits_that_all_end_at_the_first_look_refute_nothing() {
    List<Wait> waits = Collections.nCopies(12, at(GRID));
    assertThat(Exponentiality.of(waits, GRID, 0, 500).p()).isGreaterThan(0.3);
  }

  @Test
  void what_was_seen_by_the_given_step_changes_nothing() {
    List<Wait> later = List.of(at(110), at(130), at(160), at(200), at(280), at(390));
    List<Wait> all = new ArrayList<>(later);
    for (double time : new double[] {10, 20, 60, 90, 100, 100}) {
      all.add(at(time));
    }
    all.add(new Wait(100, true, 100));
    Exponentiality expected = Exponentiality.of(later, GRID, 100, 500);
    assertThat(Exponentiality.of(all, GRID, 100, 500)).isEqualTo(expected);
    assertThat(Exponentiality.of(all, GRID, 93, 500))
        .as("93 is between two looks; what the next one saw may have emerged before it")
        .isEqualTo(expected);
  }

  @Test
  void it_refutes_waits_that_are_more_regular_or_more_spread_than_exponential_ones() {
    for (double shape : new double[] {2.5, 0.4}) {
      int refuted = 0;
      for (int i = 0; i < 20; i++) {
        double mine = shape;
        DoubleUnaryOperator weibull = u -> 300 * Math.pow(-Math.log(1 - u), 1 / mine);
        refuted += p(i, 40, 0, 1e6, weibull) <= 0.05 ? 1 : 0;
      }
      assertThat(refuted).as("Weibull of shape %s", shape).isGreaterThan(15);
    }
  }

  @Test
  void the_sign_of_the_score_says_which() {
    List<Wait> regular = List.of(at(900), at(950), at(1000), at(1020), at(1050), at(1100));
    List<Wait> spread = List.of(at(10), at(20), at(30), at(50), at(4000), at(9000));
    assertThat(Exponentiality.of(regular, GRID, 0, 500).score()).isPositive();
    assertThat(Exponentiality.of(spread, GRID, 0, 500).score()).isNegative();
  }

  @Test
  void too_few_that_emerged_say_nothing() {
    List<Wait> few = List.of(at(10), at(20), at(30), at(40), at(50));
    assertThatThrownBy(() -> Exponentiality.of(few, GRID, Double.NaN, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a test of waiting times needs 5 that emerged after the first, got 4");
    assertThatThrownBy(() -> Exponentiality.of(few, GRID, 10, 100))
        .hasMessage("a test of waiting times needs 5 that emerged after waiting began, got 4");
  }

  private static double p(
      int seed, int runs, double delay, double limit, DoubleUnaryOperator quantile) {
    return Exponentiality.of(waits(seed, runs, delay, limit, quantile), GRID, Double.NaN, 200).p();
  }

  private static List<Wait> waits(
      int seed, int runs, double delay, double limit, DoubleUnaryOperator quantile) {
    return waits(seed, runs, GRID, delay, limit, quantile);
  }

  private static List<Wait> waits(
      int seed, int runs, double grid, double delay, double limit, DoubleUnaryOperator quantile) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Wait> waits = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      double seen = Math.ceil((delay + quantile.applyAsDouble(random.nextDouble())) / grid) * grid;
      waits.add(seen > limit ? new Wait(limit, true, limit) : new Wait(seen, false, limit));
    }
    return waits;
  }

  /** Sums in another order round otherwise: an equal sample must count as extreme as the data. */
  @Test
  void the_order_of_the_runs_does_not_change_the_p_value() {
    List<Wait> waits = new ArrayList<>();
    for (double time : new double[] {10, 10, 10, 10, 20, 10, 30, 10, 20}) {
      waits.add(at(time));
    }
    double p = Exponentiality.of(waits, GRID, 0, 2000).p();
    for (int i = 1; i < waits.size(); i++) {
      Collections.rotate(waits, 1);
      assertThat(Exponentiality.of(waits, GRID, 0, 2000).p()).isEqualTo(p);
    }
  }
}
