package dev.emergence.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.emergence.spec.ToySpec.Scores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GaussianPlateauTest {

  @Test
  void the_leading_time_is_the_gaussian_integral_over_the_rate() {
    double tied = 1.2533141373155 * 8 * 4096 / 16;
    assertThat(new GaussianPlateau(new Setting(64, 4096, 16, 0), Scores.TIED).leading())
        .isCloseTo(tied, withPercentage(1e-9));
    assertThat(new GaussianPlateau(new Setting(64, 4096, 16, 0), Scores.UNTIED).leading())
        .isCloseTo(4 * tied, withPercentage(1e-9));
  }

  @ParameterizedTest(name = "d = {0}")
  @CsvSource({"16, 1.0443", "64, 1.0218", "256, 1.0108", "1024, 1.0054"})
  void a_finite_dimension_delays_the_escape_as_integrated(int dim, double factor) {
    GaussianPlateau plateau = new GaussianPlateau(new Setting(dim, 1_000_000, 1, 0), Scores.TIED);
    // Second order in 1/√d is left out.
    assertThat(plateau.escape() / plateau.leading()).isEqualTo(factor, offset(0.04 / dim + 5e-5));
    double integrated = Toys.with(1_000_000, dim, 1, 0).plateau();
    assertThat(integrated / plateau.leading()).isEqualTo(factor, offset(3e-4));
  }

  @ParameterizedTest(name = "B = {0}, p = {1}, {2}")
  @CsvSource({"4, 0, TIED", "9, 0, UNTIED", "1, 0.2, TIED", "4, 0.1, UNTIED"})
  void the_delay_by_noise_holds_for_any_repetition(
      int inContext, double crossSample, Scores scores) {
    Setting setting = new Setting(25, 1_000_000, inContext, crossSample);
    double integrated = Toys.with(1_000_000, 25, inContext, crossSample).scores(scores).plateau();
    GaussianPlateau plateau = new GaussianPlateau(setting, scores);
    double delay = plateau.time(0.2) / plateau.leading() - 1;
    assertThat(integrated / plateau.leading() - 1)
        .as("relative delay")
        .isCloseTo(delay, withPercentage(8));
  }

  @ParameterizedTest
  @EnumSource(Scores.class)
  void on_the_plateau_the_flow_follows_the_error_function(Scores scores) {
    Setting setting = new Setting(1_000_000, 1_000_000, 4, 0.0);
    GaussianPlateau plateau = new GaussianPlateau(setting, scores);
    double time = 0.8 * plateau.leading();
    Trajectory run =
        Toys.with(1_000_000, 1_000_000, 4, 0).scores(scores).until(time, 2).integrate();
    int last = run.times().length - 1;
    assertThat(run.column("w")[last]).isCloseTo(plateau.weights(time), withPercentage(0.2));
    assertThat(run.column("delta_a")[last]).isCloseTo(plateau.deltaA(time), withPercentage(0.3));
    assertThat(plateau.weights(1.01 * plateau.leading())).isInfinite();
  }

  @Test
  void a_lower_level_takes_the_relaxation_of_the_weights_longer() {
    GaussianPlateau plateau = new GaussianPlateau(new Setting(256, 512, 1, 0.4), Scores.TIED);
    assertThat(plateau.time(0.2) - plateau.time(0.8))
        .isCloseTo(256 / 0.6 * Math.log(2), withPercentage(1e-9));
  }

  @Test
  void with_nothing_but_the_special_token_the_other_directions_are_never_learned() {
    assertThat(new GaussianPlateau(new Setting(16, 512, 1, 1), Scores.TIED).time(0.2)).isInfinite();
  }

  @Test
  void a_share_that_is_no_share_is_refused() {
    assertThatThrownBy(() -> new GaussianPlateau(new Setting(16, 512, 1, 0), Scores.TIED).time(1.5))
        .hasMessageContaining("1.5");
  }
}
