package dev.emergence.theory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.ToySpec.Scores;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class FlowPropertiesTest {
  private static final int TRIES = 40;

  @Property(tries = TRIES)
  void along_the_flow_the_loss_never_increases_and_attention_stays_between_0_and_1(
      @ForAll @IntRange(min = 2, max = 5000) int length,
      @ForAll @IntRange(min = 1, max = 300) int dim,
      @ForAll @DoubleRange(min = 0, max = 1) double share,
      @ForAll @DoubleRange(min = 0, max = 1) double crossSample,
      @ForAll Scores scores) {
    int inContext = 1 + (int) (share * (length - 2));
    double end =
        3 * new GaussianPlateau(new Setting(dim, length, inContext, 0.0), scores).time(0.2);
    Trajectory run =
        Toys.with(length, dim, inContext, crossSample).scores(scores).until(end, 50).integrate();
    double[] loss = run.column("train.loss");
    double[] alpha = run.column("alpha");
    for (int row = 0; row < loss.length; row++) {
      assertThat(alpha[row]).as("alpha, row %d", row).isGreaterThan(0).isLessThan(1);
      assertThat(loss[row]).as("loss, row %d", row).isFinite().isNotNegative();
      if (row > 0) {
        assertThat(loss[row]).as("loss, row %d", row).isLessThanOrEqualTo(loss[row - 1] + 1e-10);
      }
    }
  }

  @Property(tries = TRIES)
  void the_plateau_grows_with_length_and_dimension(
      @ForAll @IntRange(min = 32, max = 1_000_000) int length,
      @ForAll @IntRange(min = 2, max = 1_000_000) int dim,
      @ForAll @DoubleRange(min = 1.05, max = 30) double factor,
      @ForAll Scores scores) {
    double plateau = Toys.with(length, dim, 1, 0).scores(scores).plateau();
    assertThat(Toys.with((int) Math.ceil(length * factor), dim, 1, 0).scores(scores).plateau())
        .isGreaterThan(plateau);
    assertThat(Toys.with(length, (int) Math.ceil(dim * factor), 1, 0).scores(scores).plateau())
        .isGreaterThan(plateau);
  }

  @Property(tries = TRIES)
  void the_plateau_shrinks_with_in_context_repetition(
      @ForAll @IntRange(min = 1, max = 200) int inContext,
      @ForAll @IntRange(min = 1, max = 50) int more,
      @ForAll @IntRange(min = 8, max = 100) int sparsity,
      @ForAll @IntRange(min = 2, max = 1000) int dim,
      @ForAll Scores scores) {
    int length = sparsity * (inContext + more);
    double plateau = Toys.with(length, dim, inContext, 0).scores(scores).plateau();
    assertThat(Toys.with(length, dim, inContext + more, 0).scores(scores).plateau())
        .isLessThan(plateau);
  }

  // Beyond p = 1/2 the other directions are so rare that learning them at all takes ever longer.
  @Property(tries = TRIES)
  void the_plateau_shrinks_with_moderate_cross_sample_repetition(
      @ForAll @DoubleRange(min = 0, max = 0.4) double crossSample,
      @ForAll @DoubleRange(min = 0.02, max = 0.1) double more,
      @ForAll @IntRange(min = 4, max = 300) int dim,
      @ForAll @IntRange(min = 4, max = 40) int ratio,
      @ForAll Scores scores) {
    int length = Math.max(64, ratio * dim);
    double plateau = Toys.with(length, dim, 1, crossSample).scores(scores).plateau();
    assertThat(Toys.with(length, dim, 1, crossSample + more).scores(scores).plateau())
        .isLessThan(plateau);
  }

  @Property(tries = TRIES)
  void with_tied_scores_repetition_acts_as_a_shorter_sequence(
      @ForAll @IntRange(min = 2, max = 32) int inContext,
      @ForAll @IntRange(min = 64, max = 10_000) int sparsity,
      @ForAll @IntRange(min = 16, max = 2000) int dim) {
    double repeated = Toys.with(sparsity * inContext, dim, inContext, 0).plateau();
    double shorter = Toys.with(sparsity, dim, 1, 0).plateau();
    // Only the noise of the irrelevant tokens tells them apart, B times less of it: at most the
    // 0.171/√d that noise adds in all.
    assertThat(repeated).isLessThan(shorter).isGreaterThan(shorter * (1 - 0.2 / Math.sqrt(dim)));
    Linearization one =
        new Linearization(new Setting(dim, sparsity * inContext, inContext, 0), Scores.TIED);
    Linearization other = new Linearization(new Setting(dim, sparsity, 1, 0), Scores.TIED);
    assertThat(one.rate())
        .isCloseTo(other.rate(), org.assertj.core.data.Percentage.withPercentage(1e-10));
  }

  @Property(tries = TRIES)
  void the_prediction_is_a_close_lower_bound_without_cross_sample_repetition(
      @ForAll @IntRange(min = 1, max = 16) int inContext,
      @ForAll @IntRange(min = 64, max = 20_000) int sparsity,
      @ForAll @IntRange(min = 16, max = 2000) int dim,
      @ForAll Scores scores) {
    assertThat(predictedOverTrue(new Setting(dim, sparsity * inContext, inContext, 0), scores))
        .isBetween(0.945, 1.001);
  }

  // The more so the longer the plateau is compared with the d/(1-p) of learning the other
  // directions afterwards.
  @Property(tries = TRIES)
  void the_prediction_is_a_lower_bound_with_cross_sample_repetition(
      @ForAll @IntRange(min = 1, max = 16) int inContext,
      @ForAll @IntRange(min = 8, max = 100) int ratio,
      @ForAll @IntRange(min = 16, max = 1000) int dim,
      @ForAll @DoubleRange(min = 0, max = 0.5) double crossSample) {
    Setting setting =
        new Setting(dim, Math.max(512, ratio * dim) * inContext, inContext, crossSample);
    assertThat(predictedOverTrue(setting, Scores.TIED)).isBetween(0.9, 1.001);
  }

  private static double predictedOverTrue(Setting setting, Scores scores) {
    double plateau =
        Toys.with(setting.length(), setting.dim(), setting.inContext(), setting.crossSample())
            .scores(scores)
            .plateau();
    return new GaussianPlateau(setting, scores).time(0.2) / plateau;
  }
}
