package dev.emergence.fit;

import static dev.emergence.fit.Planted.fitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
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

  /**
   * Every point pulls: with noise, the minimum is that of the normal equations over all of them.
   */
  @Test
  void a_law_that_is_linear_in_logarithms_has_the_line_of_least_squares() {
    LogLaw line = (p, c) -> p[0] + p[1] * Math.log(X[c]);
    double[] off = {0.9, -0.2, 0.1, -0.3, 0.4, -0.1, 0.2, -0.6};
    List<Point> points = new ArrayList<>();
    double[] sums = new double[4];
    for (int c = 0; c < X.length; c++) {
      double x = Math.log(X[c]);
      double y = 1.3 + 0.7 * x + off[c];
      points.add(new Point(c, 0, Math.exp(y), false));
      sums[0] += x / X.length;
      sums[1] += y / X.length;
      sums[2] += x * x / X.length;
      sums[3] += x * y / X.length;
    }
    double slope = (sums[3] - sums[0] * sums[1]) / (sums[2] - sums[0] * sums[0]);
    FitResult.Fitted fit =
        fitted(PowerLawFit.nonlinear(parameters("a", "b"), line, points, Planted.perSeed()));
    assertThat(fit.parameter("b").value()).isCloseTo(slope, within(1e-6));
    assertThat(fit.parameter("a").value()).isCloseTo(sums[1] - slope * sums[0], within(1e-6));
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

  /** Scales that are far from 1 are no reason to stop where the law fits badly. */
  @Test
  void finds_scales_of_any_size() {
    LogLaw saturating = (p, c) -> Math.log(p[0] * (1 - Math.exp(-X[c] / p[1])));
    for (double scale : new double[] {20, 60, 250}) {
      FitResult.Fitted fit =
          fitted(
              PowerLawFit.nonlinear(
                  parameters("C", "D"),
                  saturating,
                  points(saturating, 40000, scale),
                  Planted.perSeed()));
      assertThat(fit.parameter("C").value()).isCloseTo(40000, within(1.0));
      assertThat(fit.parameter("D").value()).isCloseTo(scale, within(0.01));
    }
  }

  /** Each seed that is left out is fitted from where the whole law lies, not from every start. */
  @Test
  void an_interval_costs_a_bounded_number_of_looks_at_the_law() {
    AtomicLong looks = new AtomicLong();
    LogLaw sum =
        (p, c) -> {
          looks.incrementAndGet();
          return Math.log(p[0] + p[1] * Math.pow(X[c], p[2]));
        };
    Random random = new Random(5);
    List<Point> points = new ArrayList<>();
    for (int seed = 0; seed < 10; seed++) {
      for (Point exact : points(sum, 250, 0.9, 1.5)) {
        double noise = Math.exp(0.1 * random.nextGaussian());
        points.add(new Point(exact.condition(), seed, noise * exact.time(), false));
      }
    }
    looks.set(0);
    FitResult.Fitted fit =
        fitted(
            PowerLawFit.nonlinear(parameters("a", "b", "gamma"), sum, points, Planted.perSeed()));
    assertThat(fit.parameter("gamma").hasInterval()).isTrue();
    assertThat(looks.get() / points.size()).as("looks at each point").isLessThan(20_000);
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
