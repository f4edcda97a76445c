package dev.emergence.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.Arrays;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Numbers on the curves of Figs. 1, 8 and 10, from the independent integration behind the tables.
 */
class FigureAnchorsTest {
  private static final Trajectory FIGURE_1B =
      Toys.with(512, 64, 1, 0)
          .threshold("attending", Toys.above("alpha", 0.5))
          .threshold("halfway", Toys.above("w", 4))
          .threshold("convex", Toys.above("hessian_min", 1e-300))
          .until(10_000, 10_000)
          .integrate();

  @ParameterizedTest(name = "d = {0}")
  @CsvSource({"16, 2.53e-5", "32, 7.27e-6", "64, 1.49e-6"})
  void losses_at_the_end_of_figure_1a(int dim, double loss) {
    double[] losses = Toys.with(512, dim, 1, 0).until(10_000, 2).integrate().column("test.loss");
    assertThat(losses[0]).isEqualTo(0.5, offset(1e-15));
    assertThat(losses[losses.length - 1]).isCloseTo(loss, withPercentage(0.5));
  }

  @Test
  void weights_and_attention_of_figure_1b() {
    assertThat(FIGURE_1B.crossings().get("attending")).isEqualTo(5292, offset(0.5));
    assertThat(FIGURE_1B.crossings().get("halfway")).isEqualTo(5296, offset(0.5));
    double[] w = FIGURE_1B.column("w");
    int top = argmax(w);
    assertThat(w[top]).isEqualTo(8.316, offset(5e-4));
    assertThat(FIGURE_1B.times()[top]).isEqualTo(6008, offset(3.0));
    assertThat(last(w)).isEqualTo(8.312, offset(5e-4));
    assertThat(last(FIGURE_1B.column("alpha"))).isEqualTo(0.9624, offset(5e-5));
  }

  @Test
  void weights_reach_their_equilibrium_as_in_figure_8() {
    double[] w = FIGURE_1B.column("w");
    double[] equilibrium = FIGURE_1B.column("w_inf");
    double[] distance =
        IntStream.range(0, w.length)
            .mapToDouble(i -> w[i] == 0 ? 1e9 : Math.abs(w[i] - equilibrium[i]) / w[i])
            .toArray();
    assertThat(forGoodFrom(distance, x -> x < 0.5)).isEqualTo(5336, offset(1.5));
    assertThat(forGoodFrom(distance, x -> x < 0.1)).isEqualTo(5416, offset(1.5));
    assertThat(forGoodFrom(distance, x -> x < 0.01)).isEqualTo(5555, offset(1.5));
  }

  @Test
  void eigenvalues_of_figure_8() {
    double[] smallest = FIGURE_1B.column("hessian_min");
    double[] largest = FIGURE_1B.column("hessian_max");
    assertThat(largest[row(5305)]).isCloseTo(4.234e-2, withPercentage(0.02));
    assertThat(smallest[row(5275)]).isCloseTo(-3.833e-2, withPercentage(0.02));
    // Between the times of that table the largest eigenvalue peaks a little higher.
    int top = argmax(largest);
    int bottom = argmax(Arrays.stream(smallest).map(x -> -x).toArray());
    assertThat(largest[top]).isCloseTo(4.248e-2, withPercentage(0.02));
    assertThat(FIGURE_1B.times()[top]).isEqualTo(5303.7, offset(1.0));
    assertThat(FIGURE_1B.times()[bottom]).isEqualTo(5275.4, offset(1.0));
    // The table, in steps of 5, has it at 5300.
    assertThat(FIGURE_1B.crossings().get("convex")).isBetween(5295.0, 5300.0);
    assertThat(forGoodFrom(smallest, x -> x > 0)).isBetween(5295.0, 5300.0);
    assertThat(last(smallest)).isEqualTo(5.2e-6, offset(5e-8));
    assertThat(last(largest)).isEqualTo(1.589e-2, offset(5e-6));
  }

  @ParameterizedTest(name = "p = {0}")
  @CsvSource({
    "0, 5319, 1.04, 5292",
    "0.1, 4186, 2.34, 4143",
    "0.2, 2894, 2.97, 2842",
    "0.4, 1737, 3.29, 1673"
  })
  void weights_and_attention_of_figure_10(
      double crossSample, double plateau, double special, double attending) {
    Trajectory run =
        Toys.with(512, 64, 1, crossSample)
            .threshold("attending", Toys.above("alpha", 0.5))
            .until(10_000, 5000)
            .integrate();
    assertThat(run.crossings().get("plateau")).isCloseTo(plateau, withPercentage(0.1));
    assertThat(run.crossings().get("attending")).isCloseTo(attending, withPercentage(0.1));
    double[] tilde = run.column("w_tilde");
    assertThat(tilde[argmax(tilde)]).isEqualTo(special, offset(6e-3));
  }

  private static double forGoodFrom(double[] values, DoublePredicate holds) {
    int row = values.length;
    while (row > 0 && holds.test(values[row - 1])) {
      row--;
    }
    return FIGURE_1B.times()[row];
  }

  private static int row(double time) {
    return IntStream.range(0, FIGURE_1B.times().length)
        .filter(i -> FIGURE_1B.times()[i] >= time - 1e-6)
        .findFirst()
        .getAsInt();
  }

  private static int argmax(double[] values) {
    return IntStream.range(0, values.length)
        .reduce((i, j) -> values[i] >= values[j] ? i : j)
        .getAsInt();
  }

  private static double last(double[] values) {
    return values[values.length - 1];
  }
}
