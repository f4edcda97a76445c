package dev.emergence.fit;

import static dev.emergence.fit.Planted.fitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.fit.FitOptions.Aggregate;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class PowerLawFitPropertiesTest {

  @Property(tries = 60)
  void longer_times_by_a_factor_change_only_the_factor(
      @ForAll @DoubleRange(min = 0.01, max = 1000) double k,
      @ForAll @IntRange(max = 1000) int seed,
      @ForAll Aggregate aggregate,
      @ForAll boolean censored) {
    Planted law = new Planted(2.5, 1.1, 0.6);
    List<Point> points = law.points(3, 0.2, 8000, seed);
    List<Point> scaled =
        points.stream()
            .map(p -> new Point(p.condition(), p.seed(), k * p.time(), p.censored()))
            .toList();
    FitOptions options = Planted.options(aggregate, censored);
    FitResult.Fitted before = fitted(PowerLawFit.logLinear(law.design(), points, options));
    FitResult.Fitted after = fitted(PowerLawFit.logLinear(law.design(), scaled, options));
    assertThat(after.parameter("C").value() / before.parameter("C").value())
        .isCloseTo(k, within(1e-5 * k));
    for (String name : List.of("alpha", "beta")) {
      assertThat(after.parameter(name).value())
          .isCloseTo(before.parameter(name).value(), within(1e-6));
      assertThat(after.parameter(name).lower())
          .isCloseTo(before.parameter(name).lower(), within(1e-6));
      assertThat(after.parameter(name).upper())
          .isCloseTo(before.parameter(name).upper(), within(1e-6));
    }
    assertThat(after.r2()).isCloseTo(before.r2(), within(1e-6));
  }

  @Property(tries = 60)
  void planted_parameters_come_back_by_every_method(
      @ForAll @DoubleRange(min = 0.01, max = 100) double c,
      @ForAll @DoubleRange(min = -3, max = 3) double alpha,
      @ForAll @DoubleRange(min = -3, max = 3) double beta) {
    Planted law = new Planted(c, alpha, beta);
    List<Point> points = law.points(1, 0, Double.POSITIVE_INFINITY, 1);
    LogLaw same = (p, i) -> Math.log(p[0] * Math.pow(law.d(i), p[1]) * Math.pow(law.t(i), p[2]));
    FitResult.Fitted linear =
        fitted(PowerLawFit.logLinear(law.design(), points, Planted.perSeed()));
    FitResult.Fitted general =
        fitted(PowerLawFit.nonlinear(Planted.PARAMETERS, same, points, Planted.perSeed()));
    double[] planted = {c, alpha, beta};
    for (int k = 0; k < 3; k++) {
      String name = Planted.PARAMETERS.get(k).name();
      assertThat(linear.parameter(name).value()).isCloseTo(planted[k], within(1e-9 * (1 + c)));
      assertThat(general.parameter(name).value()).isCloseTo(planted[k], within(1e-4 * (1 + c)));
    }
  }

  @Property(tries = 40)
  void a_later_censoring_time_never_makes_the_law_faster(@ForAll @IntRange(max = 1000) int seed) {
    Planted law = new Planted(2.5, 1.1, 0.6);
    List<Point> points = law.points(2, 0.3, 8000, seed);
    List<Point> later =
        points.stream()
            .map(p -> p.censored() ? new Point(p.condition(), p.seed(), 2 * p.time(), true) : p)
            .toList();
    FitOptions options = Planted.options(Aggregate.PER_SEED, true);
    FitResult.Fitted before = fitted(PowerLawFit.logLinear(law.design(), points, options));
    FitResult.Fitted after = fitted(PowerLawFit.logLinear(law.design(), later, options));
    double logMeanBefore = meanPrediction(law, before);
    double logMeanAfter = meanPrediction(law, after);
    assertThat(logMeanAfter).isGreaterThanOrEqualTo(logMeanBefore - 1e-9);
  }

  private static double meanPrediction(Planted law, FitResult.Fitted fit) {
    double[] theta = {
      Math.log(fit.parameter("C").value()),
      fit.parameter("alpha").value(),
      fit.parameter("beta").value()
    };
    double sum = 0;
    for (int c = 0; c < 16; c++) {
      sum += law.design().predict(theta, c) / 16;
    }
    return sum;
  }
}
