package dev.emergence.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.fit.Exponentiality.Wait;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The p-value is a share of all that could have been seen, here by counting it out. */
class ExponentialityBootstrapTest {
  private static final double GRID = 50;
  private static final double NEVER = 1e9;
  private static final int RESAMPLES = 20000;

  /** Four standard deviations of a share of the resamples. */
  private static final double NEAR = 4 * 0.5 / Math.sqrt(RESAMPLES);

  private static Wait at(double time) {
    return new Wait(time, false, NEVER);
  }

  @Test
  void no_sample_is_less_extreme_than_a_score_of_zero() {
    double low = 0.1;
    double high = 10;
    for (int i = 0; i < 100; i++) {
      double power = (low + high) / 2;
      boolean spread = Exponentiality.of(powers(power), 1e-9, 0, 1).score() < 0;
      low = spread ? low : power;
      high = spread ? power : high;
    }
    Exponentiality none = Exponentiality.of(powers(low), 1e-9, 0, 30);
    assertThat(none.score()).isCloseTo(0, within(1e-10));
    assertThat(none.p()).isEqualTo(1);
  }

  private static List<Wait> powers(double power) {
    return IntStream.rangeClosed(1, 7).mapToObj(i -> at(Math.pow(i, power))).toList();
  }

  /** Waits that are all equal have the largest score, so that only such samples count. */
  @Test
  void of_waits_that_all_end_at_the_first_look_it_is_the_share_of_such_samples() {
    List<Wait> waits = Collections.nCopies(6, at(GRID));
    assertThat(Exponentiality.of(waits, GRID, 0, RESAMPLES).p())
        .isCloseTo(Math.pow(6 / 6.5, 6), within(NEAR));
  }

  /** Of six runs that are looked at once, one was not seen; five of six or more count. */
  @Test
  void runs_that_are_watched_for_one_look_are_drawn_for_one_look() {
    List<Wait> waits = new ArrayList<>(Collections.nCopies(5, new Wait(GRID, false, GRID)));
    waits.add(new Wait(GRID, true, GRID));
    double seen = 5 / 6.5;
    assertThat(Exponentiality.of(waits, GRID, 0, RESAMPLES).p())
        .isCloseTo(Math.pow(seen, 6) + 6 * Math.pow(seen, 5) * (1 - seen), within(NEAR));
  }

  /**
   * The mean is half a look then, and the first look comes at any time. Five that emerge at one
   * look after the first have equal waits, too.
   */
  @Test
  void of_runs_that_all_emerge_with_the_first_it_is_the_share_of_samples_of_equal_waits() {
    Exponentiality test =
        Exponentiality.of(Collections.nCopies(6, at(7 * GRID)), GRID, Double.NaN, RESAMPLES);
    assertThat(test.runs()).isEqualTo(5);
    assertThat(test.emerged()).isEqualTo(5);
    assertThat(test.mean()).isEqualTo(GRID / 2);
    double share = 0;
    int phases = 1000;
    for (int i = 0; i < phases; i++) {
      double begun = (i + 0.5) / phases;
      for (int first = 1; first < 20; first++) {
        double one = seenBy(first, begun, 0.5) - seenBy(first - 1, begun, 0.5);
        share += Math.pow(one, 6) / phases;
        for (int look = first + 1; look < 20; look++) {
          double others = seenBy(look, begun, 0.5) - seenBy(look - 1, begun, 0.5);
          share += 6 * one * Math.pow(others, 5) / phases;
        }
      }
    }
    assertThat(test.p()).isCloseTo(share, within(NEAR));
  }

  /** A look and a half a look, with no part in how long the others waited. */
  @Test
  void counted_from_the_first_runs_seen_with_it_do_not_shorten_the_mean_that_is_drawn() {
    double[] looks = {3, 3, 3, 4, 4, 6};
    List<Wait> waits = IntStream.range(0, 6).mapToObj(i -> at(GRID * looks[i])).toList();
    // Later than the first: 1, 1 and 3 looks, of which three ended.
    double mean = -1 / Math.log1p(-3 / 5.5);
    double score = score(new int[] {3, 2, 0, 1});
    Exponentiality test = Exponentiality.of(waits, GRID, Double.NaN, RESAMPLES);
    assertThat(test.score()).isCloseTo(score, within(1e-9));
    double expected = beyond(new int[14], 0, 6, mean, Math.abs(score) - 1e-9);
    assertThat(test.p()).isCloseTo(expected, within(NEAR));
  }

  private static double seenBy(int look, double begun, double mean) {
    return look <= begun ? 0 : 1 - Math.exp(-(look - begun) / mean);
  }

  /** The share of samples at least as extreme, over all counts of runs seen at each look. */
  private static double beyond(int[] counts, int look, int left, double mean, double score) {
    if (look == counts.length - 1) {
      counts[look] = left;
      return Math.abs(score(counts)) >= score ? probability(counts, mean) : 0;
    }
    double sum = 0;
    for (int here = 0; here <= left; here++) {
      counts[look] = here;
      sum += beyond(counts, look + 1, left - here, mean, score);
    }
    return sum;
  }

  private static double probability(int[] counts, double mean) {
    double sum = 0;
    int phases = 20;
    for (int i = 0; i < phases; i++) {
      double begun = (i + 0.5) / phases;
      double product = 1;
      int placed = 0;
      for (int look = 0; look < counts.length; look++) {
        double here = seenBy(look + 1, begun, mean) - seenBy(look, begun, mean);
        for (int run = 1; run <= counts[look]; run++) {
          product *= here * ++placed / run;
        }
      }
      sum += product / phases;
    }
    return sum;
  }

  /** Of waits from the first look that saw any, without one of the runs that it saw. */
  private static double score(int[] counts) {
    int first = 0;
    while (counts[first] == 0) {
      first++;
    }
    int runs = -1;
    double sum = 0;
    double logs = 0;
    double weighted = 0;
    for (int look = first; look < counts.length; look++) {
      double wait = look == first ? 0.5 : look - first;
      int count = counts[look] - (look == first ? 1 : 0);
      runs += counts[look];
      sum += count * wait;
      logs += count * Math.log(wait);
      weighted += count * wait * Math.log(wait);
    }
    return (runs + logs - weighted * runs / sum) / Math.sqrt(runs * Math.PI * Math.PI / 6);
  }

  @Test
  void a_run_whose_watch_ended_before_the_first_emergence_is_no_part() {
    List<Wait> waits = new ArrayList<>();
    waits.add(new Wait(GRID, true, GRID));
    for (int look = 3; look < 10; look++) {
      waits.add(at(GRID * look));
    }
    Exponentiality test = Exponentiality.of(waits, GRID, Double.NaN, 10);
    assertThat(test.start()).isEqualTo(3 * GRID);
    assertThat(test.runs()).isEqualTo(6);
    assertThat(test.emerged()).isEqualTo(6);
  }

  @Test
  void where_no_run_emerged_there_is_no_first() {
    List<Wait> waits = Collections.nCopies(6, new Wait(GRID, true, GRID));
    assertThatThrownBy(() -> Exponentiality.of(waits, GRID, Double.NaN, 10))
        .hasMessage("a test of waiting times needs 5 that emerged after the first, got 0");
  }
}
