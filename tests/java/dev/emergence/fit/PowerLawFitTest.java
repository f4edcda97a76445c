package dev.emergence.fit;

import static dev.emergence.fit.Planted.fitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.fit.FitOptions.Aggregate;
import java.util.List;
import org.junit.jupiter.api.Test;

class PowerLawFitTest {
  private static final double NO_LIMIT = Double.POSITIVE_INFINITY;
  private final Planted law = new Planted(0.76, 1.29, 0.80);

  @Test
  void recovers_planted_exponents_exactly_from_noiseless_times() {
    for (Aggregate aggregate : Aggregate.values()) {
      FitResult.Fitted fit =
          fitted(
              PowerLawFit.logLinear(
                  law.design(), law.points(3, 0, NO_LIMIT, 1), Planted.options(aggregate, false)));
      assertThat(fit.parameter("C").value()).isCloseTo(0.76, within(1e-11));
      assertThat(fit.parameter("alpha").value()).isCloseTo(1.29, within(1e-12));
      assertThat(fit.parameter("beta").value()).isCloseTo(0.80, within(1e-12));
      assertThat(fit.r2()).isEqualTo(1.0);
      assertThat(fit.residualStd()).isLessThan(1e-13);
      assertThat(fit.points()).isEqualTo(aggregate == Aggregate.PER_SEED ? 48 : 16);
      assertThat(fit.notes()).containsExactly("no 95% interval: all 3 seeds give equal laws");
    }
  }

  @Test
  void least_squares_agree_with_the_closed_form_of_a_straight_line() {
    double[] x = {1, 2, 3, 5, 8};
    double[] y = {2.1, 2.9, 4.2, 5.8, 9.3};
    Design design =
        new Design(
            List.of(new Parameter("C", true), new Parameter("a", false)),
            new double[][] {{1, 1}, {1, 2}, {1, 3}, {1, 5}, {1, 8}},
            new double[5]);
    List<Point> points =
        java.util.stream.IntStream.range(0, 5)
            .mapToObj(i -> new Point(i, 0, Math.exp(y[i]), false))
            .toList();
    double mx = 3.8;
    double my = 4.86;
    double sxy = 0;
    double sxx = 0;
    double syy = 0;
    for (int i = 0; i < 5; i++) {
      sxy += (x[i] - mx) * (y[i] - my);
      sxx += (x[i] - mx) * (x[i] - mx);
      syy += (y[i] - my) * (y[i] - my);
    }
    FitResult.Fitted fit = fitted(PowerLawFit.logLinear(design, points, Planted.perSeed()));
    assertThat(fit.parameter("a").value()).isCloseTo(sxy / sxx, within(1e-12));
    assertThat(Math.log(fit.parameter("C").value())).isCloseTo(my - mx * sxy / sxx, within(1e-12));
    assertThat(fit.r2()).isCloseTo(sxy * sxy / (sxx * syy), within(1e-12));
    assertThat(fit.residualStd()).isCloseTo(Math.sqrt((syy - sxy * sxy / sxx) / 3), within(1e-12));
  }

  @Test
  void a_part_without_parameters_is_held_fixed() {
    // T = C sqrt(d) t^beta: the exponent 1/2 of d is in the offsets, beta is estimated.
    Planted half = new Planted(3, 0.5, 0.9);
    Design full = half.design();
    double[][] rows = new double[16][];
    double[] offsets = new double[16];
    for (int c = 0; c < 16; c++) {
      rows[c] = new double[] {1, full.rows()[c][2]};
      offsets[c] = 0.5 * full.rows()[c][1];
    }
    Design constrained =
        new Design(List.of(new Parameter("C", true), new Parameter("beta", false)), rows, offsets);
    FitResult.Fitted fit =
        fitted(
            PowerLawFit.logLinear(constrained, half.points(1, 0, NO_LIMIT, 1), Planted.perSeed()));
    assertThat(fit.parameter("C").value()).isCloseTo(3, within(1e-11));
    assertThat(fit.parameter("beta").value()).isCloseTo(0.9, within(1e-12));
    assertThat(fit.r2()).isEqualTo(1.0);
  }

  @Test
  void a_law_without_parameters_is_only_judged() {
    Planted root = new Planted(1.2533, 0.5, 1);
    double[] offsets = new double[16];
    for (int c = 0; c < 16; c++) {
      offsets[c] = Math.log(root.time(c));
    }
    Design fixed = new Design(List.of(), new double[16][0], offsets);
    FitResult.Fitted fit =
        fitted(PowerLawFit.logLinear(fixed, root.points(2, 0.1, NO_LIMIT, 5), Planted.perSeed()));
    assertThat(fit.parameters()).isEmpty();
    assertThat(fit.r2()).isBetween(0.98, 0.9999);
    assertThat(fit.residualStd()).isCloseTo(0.1, within(0.03));
  }

  @Test
  void the_mean_is_of_times_and_the_median_ignores_one_wild_seed() {
    Design one = new Design(List.of(new Parameter("C", true)), new double[][] {{1}}, new double[1]);
    List<Point> points =
        List.of(
            new Point(0, 0, 10, false), new Point(0, 1, 20, false), new Point(0, 2, 900, false));
    assertThat(
            fitted(PowerLawFit.logLinear(one, points, Planted.options(Aggregate.MEAN, false)))
                .parameter("C")
                .value())
        .isCloseTo(310, within(1e-9));
    assertThat(
            fitted(PowerLawFit.logLinear(one, points, Planted.options(Aggregate.MEDIAN, false)))
                .parameter("C")
                .value())
        .isCloseTo(20, within(1e-9));
    assertThat(fitted(PowerLawFit.logLinear(one, points, Planted.perSeed())).parameter("C").value())
        .isCloseTo(Math.cbrt(10.0 * 20 * 900), within(1e-9));
  }

  @Test
  void excluded_points_are_counted_and_points_at_time_zero_said() {
    List<Point> points = new java.util.ArrayList<>(law.points(2, 0.05, 20000, 4));
    long censored = points.stream().filter(Point::censored).count();
    assertThat(censored).isPositive();
    points.add(new Point(0, 2, 0, false));
    FitResult.Fitted fit = fitted(PowerLawFit.logLinear(law.design(), points, Planted.perSeed()));
    assertThat(fit.unreached()).isEqualTo((int) censored);
    assertThat(fit.points()).isEqualTo(32 - (int) censored);
    assertThat(fit.notes())
        .contains(
            "1 point at time 0 left out: the threshold was passed before training, and 0 has no"
                + " logarithm");
  }

  @Test
  void equal_times_have_no_r2() {
    Design design = law.design();
    List<Point> points =
        java.util.stream.IntStream.range(0, 16).mapToObj(c -> new Point(c, 0, 777, false)).toList();
    FitResult.Fitted fit = fitted(PowerLawFit.logLinear(design, points, Planted.perSeed()));
    assertThat(fit.r2()).isNaN();
    assertThat(fit.notes()).contains("no r2: all times are equal");
    assertThat(fit.parameter("C").value()).isCloseTo(777, within(1e-7));
    assertThat(fit.parameter("alpha").value()).isCloseTo(0, within(1e-11));
  }

  @Test
  void as_many_parameters_as_points_have_no_r2_and_as_many_as_conditions_a_caution() {
    List<Integer> three = List.of(0, 1, 4);
    List<Point> few =
        law.points(3, 0.1, NO_LIMIT, 4).stream()
            .filter(p -> three.contains(p.condition()))
            .toList();
    List<Point> one = few.stream().filter(p -> p.seed() == 0).toList();
    FitResult.Fitted saturated =
        fitted(PowerLawFit.logLinear(law.design(), one, Planted.perSeed()));
    assertThat(saturated.r2()).isNaN();
    assertThat(saturated.notes())
        .contains("no r2: a law with as many parameters as points passes through all of them");
    FitResult.Fitted caution = fitted(PowerLawFit.logLinear(law.design(), few, Planted.perSeed()));
    assertThat(caution.r2()).isBetween(0.5, 1.0);
    assertThat(caution.notes())
        .contains(
            "3 conditions decide 3 parameters: r2 says how far seeds differ, not whether the law"
                + " has the right form");
  }
}
