package dev.emergence.fit;

import static dev.emergence.fit.Planted.fitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NonlinearFitTest {
  private static final double[] X = {16, 24, 32, 48, 64, 96, 128, 256};

  @Test
  void recovers_a_sum_of_a_constant_and_a_power() {
    LogLaw sum = (p, c) -> Math.log(p[0] + p[1] * Math.pow(X[c], p[2]));
    FitResult.Fitted fit =
        fitted(
            PowerLawFit.nonlinear(
                parameters("a", "b", "gamma"), sum, points(sum, 250, 0.9, 1.5), Planted.perSeed()));
    assertThat(fit.parameter("a").value()).isCloseTo(250, within(0.01));
    assertThat(fit.parameter("b").value()).isCloseTo(0.9, within(1e-4));
    assertThat(fit.parameter("gamma").value()).isCloseTo(1.5, within(1e-5));
    assertThat(fit.r2()).isGreaterThan(1 - 1e-9);
  }

  @Test
  void finds_parameters_next_to_where_the_law_is_undefined() {
    LogLaw shifted = (p, c) -> p[0] * Math.log(X[c] - p[1]);
    FitResult.Fitted fit =
        fitted(
            PowerLawFit.nonlinear(
                parameters("beta", "shift"),
                shifted,
                points(shifted, 1.7, 14.5),
                Planted.perSeed()));
    assertThat(fit.parameter("beta").value()).isCloseTo(1.7, within(1e-5));
    assertThat(fit.parameter("shift").value()).isCloseTo(14.5, within(1e-4));
  }

  private static List<Parameter> parameters(String... names) {
    return java.util.Arrays.stream(names).map(n -> new Parameter(n, false)).toList();
  }

  private static List<Point> points(LogLaw law, double... planted) {
    List<Point> points = new ArrayList<>();
    for (int c = 0; c < X.length; c++) {
      points.add(new Point(c, 0, Math.exp(law.log(planted, c)), false));
    }
    return points;
  }
}
