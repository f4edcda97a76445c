package dev.emergence.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReducedLossTest {
  private static final String SETTINGS = "T = {0}, d = {1}, B = {2}, p = {3}";

  @Test
  void before_training_the_loss_is_a_half() {
    assertThat(ReducedLoss.plane(new Setting(64, 512, 3, 0)).value(new double[2]))
        .isEqualTo(0.5, offset(1e-15));
    assertThat(ReducedLoss.space(new Setting(64, 512, 3, 0.3)).value(new double[3]))
        .isEqualTo(0.5, offset(1e-15));
  }

  @ParameterizedTest(name = SETTINGS)
  @CsvSource({
    "37, 5, 1, 0.3",
    "512, 64, 1, 0.1",
    "100, 16, 7, 0.6",
    "9, 3, 8, 0.2",
    "20, 1, 4, 0.5",
    "15, 4, 2, 1"
  })
  void derivatives_are_those_of_finite_differences(
      int length, int dim, int inContext, double crossSample) {
    Random random = new Random(17);
    check(ReducedLoss.space(new Setting(dim, length, inContext, crossSample)), random);
    check(ReducedLoss.plane(new Setting(dim, length, inContext, 0)), random);
  }

  private static void check(ReducedLoss loss, Random random) {
    int n = loss.dimension();
    for (int draw = 0; draw < 40; draw++) {
      double[] state = random.doubles(n, -3, 9).toArray();
      double[] gradient = new double[n];
      loss.gradient(state, gradient);
      double[][] hessian = loss.hessian(state);
      for (int i = 0; i < n; i++) {
        assertThat(gradient[i])
            .as("gradient %d at %s", i, Arrays.toString(state))
            .isEqualTo(slope(loss, state, i, -1), offset(2e-8));
        for (int j = 0; j < n; j++) {
          double expected = slope(loss, state, j, i);
          assertThat(hessian[i][j])
              .as("hessian %d,%d at %s", i, j, Arrays.toString(state))
              .isEqualTo(expected, offset(2e-8));
        }
      }
    }
  }

  /**
   * Central difference of the loss ({@code component} -1) or of a component of its gradient, along
   * one coordinate.
   */
  private static double slope(ReducedLoss loss, double[] state, int along, int component) {
    double step = 1e-5;
    return (at(loss, state, along, step, component) - at(loss, state, along, -step, component))
        / (2 * step);
  }

  private static double at(
      ReducedLoss loss, double[] state, int along, double step, int component) {
    double[] moved = state.clone();
    moved[along] += step;
    double[] gradient = new double[state.length];
    loss.gradient(moved, gradient);
    return component < 0 ? loss.value(moved) : gradient[component];
  }

  @Test
  void without_cross_sample_repetition_space_and_plane_are_one_loss() {
    int d = 7;
    Setting setting = new Setting(d, 50, 3, 0);
    double w = 1.7;
    double[] inSpace = {w / Math.sqrt(d), w * Math.sqrt((d - 1.0) / d), 2.3};
    assertThat(ReducedLoss.space(setting).value(inSpace))
        .isEqualTo(ReducedLoss.plane(setting).value(new double[] {w, 2.3}), offset(1e-15));
  }

  @Test
  void the_hessian_at_the_start_is_the_papers() {
    int d = 64;
    double length = 512;
    double inContext = 4;
    double[][] h = ReducedLoss.plane(new Setting(d, 512, 4, 0)).hessian(new double[2]);
    assertThat(h[0][0])
        .isEqualTo(
            (length - inContext + inContext * inContext) / (d * length * length), offset(1e-16));
    assertThat(h[0][1])
        .isEqualTo(
            -inContext * (length - inContext) / (Math.sqrt(d) * length * length), offset(1e-16));
    assertThat(h[1][1]).isZero();
    double[] extremes =
        ReducedLoss.plane(new Setting(64, 512, 1, 0)).hessianEigenvalues(new double[2]);
    assertThat(extremes[0]).isEqualTo(-2.289e-4, offset(1e-7));
    assertThat(extremes[1]).isEqualTo(2.594e-4, offset(1e-7));
  }

  @Test
  void eigenvalues_are_those_of_the_hessian() {
    for (ReducedLoss loss :
        List.of(
            ReducedLoss.plane(new Setting(5, 37, 2, 0)),
            ReducedLoss.space(new Setting(5, 37, 2, 0.3)))) {
      double[] state =
          loss.dimension() == 2 ? new double[] {1.3, 2.9} : new double[] {0.7, 1.3, 2.9};
      double[][] h = loss.hessian(state);
      double[] values = loss.hessianEigenvalues(state);
      double trace = 0;
      for (int i = 0; i < h.length; i++) {
        trace += h[i][i];
        RealMatrix shifted =
            MatrixUtils.createRealMatrix(h)
                .subtract(MatrixUtils.createRealIdentityMatrix(h.length).scalarMultiply(values[i]));
        assertThat(new LUDecomposition(shifted).getDeterminant())
            .as("eigenvalue %d", i)
            .isEqualTo(0, offset(1e-15));
      }
      assertThat(Arrays.stream(values).sum()).isEqualTo(trace, offset(1e-15));
      assertThat(values).isSorted();
    }
    ReducedLoss space = ReducedLoss.space(new Setting(5, 37, 2, 0.3));
    assertThat(space.hessianEigenvalues(new double[] {1e200, 1e200, 1})).containsOnly(Double.NaN);
  }

  @Test
  void attention_stays_between_0_and_1_and_loses_nothing_at_its_ends() {
    ReducedLoss loss = ReducedLoss.plane(new Setting(1_000_000, 1_000_000, 1, 0));
    assertThat(loss.attention(0)).isEqualTo(1e-6, offset(1e-20));
    assertThat(loss.attention(-1e6)).isZero();
    assertThat(loss.attention(1e6)).isOne();
    assertThat(loss.inattention(60)).isEqualTo(999_999 * Math.exp(-60), offset(1e-30));
    assertThat(loss.value(new double[] {1000, 1e6})).isZero();
  }

  @Test
  void where_every_token_is_relevant_attention_does_not_matter() {
    ReducedLoss loss = ReducedLoss.plane(new Setting(9, 5, 5, 0));
    double[] gradient = new double[2];
    loss.gradient(new double[] {2, 1.5}, gradient);
    assertThat(loss.value(new double[] {2, 1.5})).isEqualTo(1.0 / 18, offset(1e-15));
    assertThat(gradient[0]).isEqualTo(-1.0 / 9, offset(1e-15));
    assertThat(gradient[1]).isZero();
  }

  @Test
  void the_plane_refuses_cross_sample_repetition() {
    assertThatThrownBy(() -> ReducedLoss.plane(new Setting(8, 32, 1, 0.25)))
        .hasMessageContaining("p = 0.25");
  }
}
