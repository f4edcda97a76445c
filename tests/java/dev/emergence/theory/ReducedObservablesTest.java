package dev.emergence.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a trajectory of the toy model records beside its coordinates, from the loss alone. */
class ReducedObservablesTest {
  private static final double STEP = 1e-5;

  @ParameterizedTest(name = "T = {0}, d = {1}, B = {2}, p = {3}")
  @CsvSource({"24, 6, 1, 0", "26, 4, 3, 0.5"})
  void gradients_curvatures_and_equilibria_are_those_of_the_loss(
      int length, int dim, int inContext, double crossSample) {
    Setting setting = new Setting(dim, length, inContext, crossSample);
    Trajectory run = Toys.with(length, dim, inContext, crossSample).until(60, 13).integrate();
    boolean plane = crossSample == 0;
    ReducedLoss space = ReducedLoss.space(setting);
    ReducedLoss loss = plane ? ReducedLoss.plane(setting) : space;
    for (int row = 0; row < run.times().length; row++) {
      double w = at(run, "w", row);
      double special = at(run, "w_tilde", row);
      double delta = at(run, "delta_a", row);
      double[] state = plane ? new double[] {w, delta} : new double[] {special, w, delta};
      int last = state.length - 1;
      assertThat(at(run, "gradient_w", row)).isEqualTo(slope(loss, state, last - 1), offset(1e-8));
      assertThat(at(run, "gradient_delta_a", row))
          .isEqualTo(slope(loss, state, last), offset(1e-8));
      // Without a special token all directions are alike: w is spread over d of them.
      double across = plane ? w * Math.sqrt((dim - 1.0) / dim) : w;
      double[] split = {plane ? w / Math.sqrt(dim) : special, across, delta};
      assertThat(special).isEqualTo(split[0], offset(1e-12));
      assertThat(at(run, "gradient_w_tilde", row)).isEqualTo(slope(space, split, 0), offset(1e-8));
      double[] curvatures = loss.hessianEigenvalues(state);
      assertThat(at(run, "hessian_min", row)).isEqualTo(curvatures[0], offset(1e-10));
      assertThat(at(run, "hessian_max", row)).isEqualTo(curvatures[last], offset(1e-10));
      double[] settled = state.clone();
      settled[last - 1] = at(run, "w_inf", row);
      assertThat(slope(loss, settled, last - 1)).isEqualTo(0, offset(1e-8));
      double[] settledSpecial = split.clone();
      settledSpecial[0] = at(run, "w_tilde_inf", row);
      assertThat(slope(space, settledSpecial, 0)).isEqualTo(0, offset(1e-8));
    }
    assertThat(at(run, "w", run.times().length - 1)).isGreaterThan(0.1);
  }

  private static double at(Trajectory run, String column, int row) {
    return run.column(column)[row];
  }

  private static double slope(ReducedLoss loss, double[] state, int coordinate) {
    double[] up = state.clone();
    double[] down = state.clone();
    up[coordinate] += STEP;
    down[coordinate] -= STEP;
    return (loss.value(up) - loss.value(down)) / (2 * STEP);
  }
}
