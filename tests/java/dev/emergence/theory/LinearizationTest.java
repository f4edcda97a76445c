package dev.emergence.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.emergence.spec.ToySpec.Scores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LinearizationTest {

  @Test
  void the_rate_has_the_paper_s_scaling() {
    assertThat(new Linearization(new Setting(64, 512, 4, 0), Scores.TIED).rate())
        .isCloseTo(4 / (8.0 * 512), withPercentage(1e-10));
    assertThat(new Linearization(new Setting(64, 512, 4, 0), Scores.UNTIED).rate())
        .isCloseTo(2 / (8.0 * 512), withPercentage(1e-10));
    double expected = Math.sqrt(0.2 * 0.2 * 64 + 1 - 0.2 * 0.2) / (8 * 512.0);
    assertThat(new Linearization(new Setting(64, 512, 1, 0.2), Scores.TIED).rate())
        .isCloseTo(expected, withPercentage(1e-10));
  }

  @Test
  void the_printed_rate_with_cross_sample_repetition_is_up_to_12_percent_smaller() {
    double printed = Math.sqrt(0.2 * 0.2 * 16 + 0.8 * 0.8) / (4 * 512.0);
    assertThat(new Linearization(new Setting(16, 512, 1, 0.2), Scores.TIED).rate() / printed)
        .isEqualTo(1.118, offset(1e-3));
  }

  @ParameterizedTest
  @EnumSource(Scores.class)
  void early_on_the_flow_is_linear(Scores scores) {
    Setting setting = new Setting(1_000_000, 1_000_000, 4, 0.3);
    Linearization linear = new Linearization(setting, scores);
    double time = 0.05 / linear.rate();
    Trajectory run =
        Toys.with(1_000_000, 1_000_000, 4, 0.3).scores(scores).until(time, 2).integrate();
    int last = run.times().length - 1;
    assertThat(run.column("w_tilde")[last]).isCloseTo(linear.special(time), withPercentage(0.2));
    assertThat(run.column("w")[last]).isCloseTo(linear.plain(time), withPercentage(0.2));
    assertThat(run.column("delta_a")[last]).isCloseTo(linear.deltaA(time), withPercentage(0.2));
    assertThat(0.5 - run.column("train.loss")[last])
        .isCloseTo(0.5 - linear.loss(time), withPercentage(0.5));
  }

  @ParameterizedTest(name = "T = {0}")
  @CsvSource({"256", "1024"})
  void figure_7_weights_stay_linear_longer_than_attention(int length) {
    Linearization linear = new Linearization(new Setting(512, length, 1, 0), Scores.TIED);
    Trajectory run = Toys.with(length, 512, 1, 0).until(1.4 / linear.rate(), 2000).integrate();
    assertThat(departure(run, "w", linear)).isEqualTo(1.09, offset(0.02));
    assertThat(departure(run, "delta_a", linear)).isEqualTo(0.63, offset(0.02));
    assertThat(run.crossings().get("plateau") * linear.rate()).isBetween(1.25, 1.345);
  }

  /** λt at which the linearised quantity is more than 10 % off for good. */
  private static double departure(Trajectory run, String column, Linearization linear) {
    double[] values = run.column(column);
    int row = values.length - 1;
    while (Math.abs(predicted(linear, column, run.times()[row]) / values[row] - 1) > 0.1) {
      row--;
    }
    return linear.rate() * run.times()[row];
  }

  private static double predicted(Linearization linear, String column, double time) {
    return column.equals("w") ? linear.weights(time) : linear.deltaA(time);
  }

  @ParameterizedTest
  @EnumSource(Scores.class)
  void the_escape_time_is_where_the_linearised_loss_has_lost_its_share(Scores scores) {
    Linearization linear = new Linearization(new Setting(64, 4096, 8, 0.1), scores);
    assertThat(linear.loss(linear.escapeTime(0.8))).isEqualTo(0.1, offset(1e-12));
    assertThat(linear.escapeTimeLogarithm(0.8))
        .isCloseTo(linear.escapeTime(0.8), withPercentage(0.1));
  }

  @Test
  void the_escape_time_overestimates_the_plateaus_of_figure_1c() {
    double shortest =
        new Linearization(new Setting(16, 256, 1, 0), Scores.TIED).escapeTime(0.8) / 1369;
    double longest =
        new Linearization(new Setting(256, 4096, 1, 0), Scores.TIED).escapeTime(0.8) / 83274;
    assertThat(shortest).isEqualTo(2.8, offset(0.1));
    assertThat(longest).isEqualTo(4.5, offset(0.1));
  }

  /** They are the direction's parts along the special token and across it. */
  @ParameterizedTest
  @CsvSource({"2, 16, 1, 0.3", "5, 40, 4, 0.6", "64, 512, 2, 0"})
  void the_shares_of_the_fast_direction_are_those_of_a_unit_vector(
      int dim, int length, int inContext, double crossSample) {
    Linearization linear =
        new Linearization(new Setting(dim, length, inContext, crossSample), Scores.UNTIED);
    double special = linear.specialShare();
    double plain = linear.plainShare();
    assertThat(special * special + plain * plain).isEqualTo(1, offset(1e-12));
    // σ̃ / σ: the special token has a norm of 1, the others have a variance of 1/d.
    double ratio = (crossSample + (1 - crossSample) / dim) / ((1 - crossSample) / dim);
    assertThat(special / plain).isEqualTo(ratio / Math.sqrt(dim - 1), offset(1e-12 * ratio));
  }
}
