package dev.emergence.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.emergence.spec.ToySpec.Scores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LatePhaseTest {

  @ParameterizedTest(name = "T = {0}")
  @CsvSource({"128, 49.26", "256, 68.00", "512, 94.51", "1024, 132.0"})
  void figure_8_equilibria_start_and_end_at_the_optimum_with_one_maximum(
      int length, double largest) {
    LatePhase phase = new LatePhase(new Setting(64, length, 1, 0), Scores.TIED);
    assertThat(phase.equilibrium(1.0 / length)).isEqualTo(8, offset(1e-9));
    assertThat(phase.equilibrium(1)).isEqualTo(8, offset(1e-9));
    double top = phase.attentionOfLargestEquilibrium();
    assertThat(top).isEqualTo(1 / Math.sqrt(length), offset(1e-12));
    // The table's numbers are w/√d times 8 rounded to four digits.
    assertThat(phase.equilibrium(top)).isCloseTo(largest, withPercentage(0.02));
    assertThat(phase.equilibrium(top * 1.01)).isLessThan(phase.equilibrium(top));
    assertThat(phase.equilibrium(top / 1.01)).isLessThan(phase.equilibrium(top));
  }

  @Test
  void the_equilibrium_is_where_the_gradient_in_w_vanishes() {
    Setting setting = new Setting(20, 90, 6, 0);
    ReducedLoss loss = ReducedLoss.plane(setting);
    double deltaA = 3.1;
    double w = new LatePhase(setting, Scores.TIED).equilibrium(loss.attention(deltaA));
    double[] gradient = new double[2];
    loss.gradient(new double[] {w, deltaA}, gradient);
    assertThat(gradient[0]).isEqualTo(0, offset(1e-15));
    assertThat(loss.equilibrium(deltaA)[0]).isCloseTo(w, withPercentage(1e-10));
    assertThat(loss.value(new double[] {w, deltaA}))
        .isCloseTo(
            new LatePhase(setting, Scores.TIED).lossAtEquilibrium(loss.attention(deltaA)),
            withPercentage(1e-9));
  }

  @Test
  void the_hessian_at_a_late_equilibrium_has_the_corrected_entries() {
    int d = 64;
    int length = 300;
    int inContext = 5;
    Setting setting = new Setting(d, length, inContext, 0);
    ReducedLoss loss = ReducedLoss.plane(setting);
    double deltaA = 14;
    double lost = loss.inattention(deltaA);
    double[][] h = loss.hessian(new double[] {loss.equilibrium(deltaA)[0], deltaA});
    assertThat(lost).isLessThan(1e-4);
    assertThat(h[0][0]).isCloseTo((1 - 2 * lost) / d, withPercentage(1e-4));
    assertThat(h[0][1]).isCloseTo(lost / Math.sqrt(d), withPercentage(0.1));
    assertThat(h[1][1])
        .isCloseTo(lost * lost * (1 + 2.0 / (length - inContext)), withPercentage(0.1));
  }

  @ParameterizedTest
  @EnumSource(Scores.class)
  void at_last_the_loss_falls_as_the_inverse_of_time(Scores scores) {
    Setting setting = new Setting(4, 32, 4, 0);
    Trajectory run = Toys.with(32, 4, 4, 0).scores(scores).until(2e5, 2000).integrate();
    double[] loss = run.column("train.loss");
    double[] attention = run.column("attention.relevant");
    int from = 1000;
    int last = loss.length - 1;
    double since = run.times()[last] - run.times()[from];
    assertThat(loss[last])
        .isCloseTo(
            new LatePhase(setting, scores).loss(since, 1 - attention[from]), withPercentage(3));
    double mobility = scores == Scores.TIED ? 1 : 32.0 / (4 * 28);
    assertThat(loss[last]).isCloseTo(1 / (4 * mobility * run.times()[last]), withPercentage(4));
  }

  @Test
  void without_irrelevant_tokens_there_is_nothing_left_to_learn_for_attention() {
    LatePhase phase = new LatePhase(new Setting(16, 8, 8, 0), Scores.UNTIED);
    assertThat(phase.equilibrium(1)).isEqualTo(4, offset(1e-12));
    assertThat(phase.lossAtEquilibrium(1)).isZero();
  }
}
