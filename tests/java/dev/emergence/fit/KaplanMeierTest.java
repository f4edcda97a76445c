package dev.emergence.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The remissions under 6-MP of Freireich et al. (1963), the example of the textbooks. */
class KaplanMeierTest {
  private static final double[] WEEKS = {
    35, 6, 10, 6, 34, 7, 32, 13, 6, 16, 9, 22, 10, 23, 6, 11, 17, 19, 20, 25, 32
  };
  private static final List<Double> RELAPSED_ONCE = List.of(7.0, 13.0, 16.0, 22.0, 23.0);

  private static KaplanMeier remissions() {
    boolean[] censored = new boolean[WEEKS.length];
    int sixes = 0;
    int tens = 0;
    for (int i = 0; i < WEEKS.length; i++) {
      if (WEEKS[i] == 6) {
        censored[i] = sixes++ == 1; // the second of four in this order: ties fall first
      } else if (WEEKS[i] == 10) {
        censored[i] = tens++ == 0;
      } else {
        censored[i] = !RELAPSED_ONCE.contains(WEEKS[i]);
      }
    }
    return KaplanMeier.of(WEEKS, censored);
  }

  @Test
  void the_share_falls_when_runs_emerge_and_not_when_a_watch_ends() {
    KaplanMeier km = remissions();
    assertThat(km.runs()).isEqualTo(21);
    assertThat(km.emerged()).isEqualTo(9);
    assertThat(km.steps().stream().map(KaplanMeier.Step::time))
        .containsExactly(6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0);
    double[] shares = {0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482};
    double[] errors = {0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346};
    for (int i = 0; i < shares.length; i++) {
      KaplanMeier.Step step = km.steps().get(i);
      assertThat(step.share()).isCloseTo(shares[i], within(5e-5));
      assertThat(step.share() * Math.sqrt(step.variance())).isCloseTo(errors[i], within(5e-5));
    }
    assertThat(km.median()).isEqualTo(23);
  }

  @Test
  void intervals_of_shares_are_those_on_the_scale_of_log_minus_log() {
    double[][] ends = {{0.620, 0.952}, {0.563, 0.923}, {0.503, 0.889}, {0.432, 0.849}};
    for (int i = 0; i < ends.length; i++) {
      double[] interval = KaplanMeier.interval(remissions().steps().get(i), 0.95);
      assertThat(interval).containsExactly(ends[i], within(6e-4));
    }
  }

  @Test
  void without_a_share_between_0_and_1_there_is_no_interval() {
    KaplanMeier all = KaplanMeier.of(new double[] {3, 5}, new boolean[2]);
    assertThat(all.steps().get(1).share()).isZero();
    assertThat(KaplanMeier.interval(all.steps().get(1), 0.95)).containsOnly(Double.NaN);
    assertThat(all.median()).isEqualTo(3);
    KaplanMeier none = KaplanMeier.of(new double[] {3, 5}, new boolean[] {true, true});
    assertThat(none.steps()).isEmpty();
    assertThat(none.median()).isNaN();
  }

  /** Bands of no width at 1 and at 0 would hold the share in 31 and 40 % of these samples. */
  @Test
  void bands_of_few_runs_hold_the_share_at_every_time() {
    Random random = new Random(3);
    int samples = 3000;
    for (double share : new double[] {0.95, 0.9, 0.7, 0.5, 0.3, 0.1, 0.05}) {
      int held = 0;
      for (int s = 0; s < samples; s++) {
        double[] times = random.doubles(5).map(u -> -Math.log(u)).toArray();
        KaplanMeier.Band band = at(-Math.log(share), KaplanMeier.of(times, new boolean[5]));
        held += band.lower() <= share && share <= band.upper() ? 1 : 0;
      }
      assertThat(held / (double) samples).as("share %s", share).isGreaterThan(0.9);
    }
  }

  @Test
  void where_all_or_none_wait_the_band_is_that_of_clopper_and_pearson() {
    boolean[] ended = {true, false, false, true};
    List<KaplanMeier.Band> bands = KaplanMeier.of(new double[] {2, 3, 5, 4}, ended).band(0.95);
    assertThat(bands.stream().map(KaplanMeier.Band::time)).containsExactly(0.0, 2.0, 3.0, 5.0);
    assertThat(bands.get(0).lower()).isCloseTo(Math.pow(0.025, 1 / 4.0), within(1e-12));
    assertThat(bands.get(1).lower()).isCloseTo(Math.pow(0.025, 1 / 3.0), within(1e-12));
    assertThat(bands.get(1).upper()).isEqualTo(1);
    assertThat(bands.get(3).lower()).isZero();
    assertThat(bands.get(3).upper()).isCloseTo(1 - Math.pow(0.025, 1 / 3.0), within(1e-12));
    KaplanMeier never = KaplanMeier.of(new double[] {9, 9}, new boolean[] {true, true});
    assertThat(never.band(0.75))
        .containsExactly(new KaplanMeier.Band(0, Math.pow(0.125, 1 / 2.0), 1));
  }

  private static KaplanMeier.Band at(double time, KaplanMeier km) {
    return km.band(0.95).stream()
        .filter(band -> band.time() <= time)
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  @Test
  void runs_that_all_emerge_at_once_have_the_band_of_as_many_as_were_watched() {
    boolean[] ended = {true, false, false, false};
    List<KaplanMeier.Band> bands = KaplanMeier.of(new double[] {3, 5, 5, 5}, ended).band(0.95);
    assertThat(bands.stream().map(KaplanMeier.Band::time)).containsExactly(0.0, 3.0, 5.0);
    assertThat(bands.get(2).lower()).isZero();
    assertThat(bands.get(2).upper()).isCloseTo(1 - Math.pow(0.025, 1 / 3.0), within(1e-12));
  }

  /** A run at 1, one of the four left ends at 2, the three others emerge: Greenwood's by hand. */
  @Test
  void after_the_last_fall_the_band_is_of_as_many_runs_as_the_variance_before_is_worth() {
    boolean[] ended = {false, true, false, false, false};
    KaplanMeier km = KaplanMeier.of(new double[] {1, 2, 3, 4, 4}, ended);
    double share = 0.8 * 2 / 3;
    double variance = 1 / (5 * 4.0) + 1 / (3 * 2.0);
    assertThat(km.steps().get(1).share()).isCloseTo(share, within(1e-12));
    assertThat(km.steps().get(1).variance()).isCloseTo(variance, within(1e-12));
    double worth = (1 - share) / (share * variance);
    List<KaplanMeier.Band> bands = km.band(0.95);
    assertThat(bands.get(bands.size() - 1).upper())
        .isCloseTo(1 - Math.pow(0.025, 1 / worth), within(1e-12));
  }

  @Test
  void a_watch_that_ends_as_the_first_run_emerges_begins_no_band_of_its_own() {
    boolean[] ended = {true, false, false};
    List<KaplanMeier.Band> bands = KaplanMeier.of(new double[] {3, 3, 5}, ended).band(0.95);
    assertThat(bands.stream().map(KaplanMeier.Band::time)).containsExactly(0.0, 3.0, 5.0);
    assertThat(bands.get(1).upper()).isLessThan(1);
  }
}
