package dev.emergence.fit;

import static dev.emergence.fit.Planted.fitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.fit.FitOptions.Aggregate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TobitTest {
  private static final double LIMIT = 6000;
  private final Planted law = new Planted(0.76, 1.29, 0.80);

  @Test
  void the_censored_likelihood_is_unbiased_where_exclusion_is_biased() {
    int repetitions = 60;
    double excluded = 0;
    double censored = 0;
    double sigma = 0;
    for (int r = 0; r < repetitions; r++) {
      List<Point> points = law.points(5, 0.5, LIMIT, 100 + r);
      excluded += fit(points, false).parameter("alpha").value() / repetitions;
      FitResult.Fitted tobit = fit(points, true);
      censored += tobit.parameter("alpha").value() / repetitions;
      sigma += tobit.residualStd() / repetitions;
    }
    // One fit's alpha scatters by about 0.08, so a mean of 60 does by about 0.01.
    assertThat(censored).isCloseTo(1.29, within(0.04));
    assertThat(excluded).isLessThan(1.19);
    assertThat(sigma).isCloseTo(0.5, within(0.04)); // maximum likelihood is a little small
  }

  @Test
  void the_gradient_of_the_likelihood_vanishes_at_the_estimate() {
    // An independent formula for the score in (θ, σ), summed over the points, at the estimate.
    List<Point> points = law.points(3, 0.4, LIMIT, 9);
    FitResult.Fitted fit = fit(points, true);
    double[] theta = {
      Math.log(fit.parameter("C").value()),
      fit.parameter("alpha").value(),
      fit.parameter("beta").value()
    };
    double s = fit.residualStd();
    double[] score = new double[4];
    Design design = law.design();
    for (Point p : points) {
      double z = (Math.log(p.time()) - design.predict(theta, p.condition())) / s;
      double tail = 0.5 * org.hipparchus.special.Erf.erfc(z / Math.sqrt(2));
      double slope = p.censored() ? Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) / tail : z;
      for (int k = 0; k < 3; k++) {
        score[k] += slope * design.rows()[p.condition()][k];
      }
      score[3] += p.censored() ? slope * z : z * z - 1;
    }
    assertThat(score).contains(new double[4], within(1e-5));
  }

  @Test
  void without_censored_points_it_is_least_squares() {
    List<Point> points = law.points(3, 0.3, Double.POSITIVE_INFINITY, 2);
    assertThat(fit(points, true)).isEqualTo(fit(points, false));
  }

  @Test
  void a_censored_point_bends_a_law_that_would_pass_through_the_others_and_that_is_not_said() {
    double[][] rows = {{1, Math.log(2)}, {1, Math.log(4)}, {1, Math.log(8)}};
    Design line = new Design(Planted.PARAMETERS.subList(0, 2), rows, new double[3]);
    List<Point> points =
        List.of(
            new Point(0, 0, 100, false), new Point(1, 0, 183, false), new Point(2, 0, 390, true));
    FitResult.Fitted fit =
        fitted(PowerLawFit.logLinear(line, points, Planted.options(Aggregate.PER_SEED, true)));
    double[] theta = {Math.log(fit.parameter("C").value()), fit.parameter("alpha").value()};
    assertThat(line.predict(theta, 1)).isGreaterThan(Math.log(183) + 0.01);
    assertThat(fit.r2()).isNaN();
    assertThat(fit.notes())
        .contains(
            "no r2: it is about the points that emerged, and there are no more of them than"
                + " parameters")
        .noneMatch(note -> note.contains("passes through all"));
  }

  /** The law heeds the times above the limit, so it may lie far from those below it. */
  @Test
  void what_r2_is_about_is_said_where_points_are_censored() {
    double[][] rows = {{1, Math.log(2)}, {1, Math.log(4)}, {1, Math.log(8)}};
    Design line = new Design(Planted.PARAMETERS.subList(0, 2), rows, new double[3]);
    List<Point> points = new ArrayList<>();
    for (int seed = 0; seed < 4; seed++) {
      points.add(new Point(0, seed, 100 + seed, false));
      points.add(new Point(1, seed, seed == 0 ? 90 : 5000, seed > 0));
      points.add(new Point(2, seed, 5000, true));
    }
    FitOptions options = Planted.options(Aggregate.PER_SEED, true);
    FitResult.Fitted fit = fitted(PowerLawFit.logLinear(line, points, options));
    assertThat(fit.r2()).isNegative();
    assertThat(fit.notes())
        .contains(
            "r2 is about the 5 points that emerged, but the law is about the 7 others too; r2 is"
                + " below 0: these points lie closer to their own mean than to the law");
    assertThat(fit(law.points(3, 0.1, LIMIT, 2), true).notes())
        .anyMatch(note -> note.matches("r2 is about the .* points that emerged.* others too"));
    assertThat(fit(law.points(3, 0.1, Double.POSITIVE_INFINITY, 2), true).notes())
        .noneMatch(note -> note.startsWith("r2 is"));
  }

  @Test
  void an_exact_law_that_agrees_with_the_censored_points_is_returned_exactly() {
    FitResult.Fitted fit = fit(law.points(2, 0, LIMIT, 2), true);
    assertThat(fit.unreached()).isPositive();
    assertThat(fit.parameter("alpha").value()).isCloseTo(1.29, within(1e-12));
    assertThat(fit.residualStd()).isZero();
  }

  @Test
  void an_exact_law_that_a_censored_point_contradicts_moves_towards_it() {
    List<Point> points = new java.util.ArrayList<>(law.points(1, 0, Double.POSITIVE_INFINITY, 2));
    points.add(new Point(15, 1, 3 * law.time(15), true));
    FitResult.Fitted fit = fit(points, true);
    assertThat(fit.residualStd()).isGreaterThan(0.01);
    assertThat(fit.parameter("alpha").value()).isGreaterThan(1.29);
  }

  @Test
  void a_median_below_the_censored_seeds_is_known() {
    Design one = new Design(List.of(new Parameter("C", true)), new double[][] {{1}}, new double[1]);
    List<Point> points =
        List.of(new Point(0, 0, 10, false), new Point(0, 1, 30, false), new Point(0, 2, 40, true));
    FitResult.Fitted fit =
        fitted(PowerLawFit.logLinear(one, points, Planted.options(Aggregate.MEDIAN, true)));
    assertThat(fit.parameter("C").value()).isCloseTo(30, within(1e-9));
  }

  /** The latest seed of each condition never emerges; the medians are known all the same. */
  @Test
  void medians_that_are_known_have_the_residuals_of_least_squares() {
    List<Point> points = law.points(5, 0.3, Double.POSITIVE_INFINITY, 4);
    List<Point> open =
        points.stream()
            .map(p -> new Point(p.condition(), p.seed(), p.time(), p.time() >= last(points, p)))
            .toList();
    FitOptions median = Planted.options(Aggregate.MEDIAN, true);
    FitResult.Fitted all = fitted(PowerLawFit.logLinear(law.design(), points, median));
    FitResult.Fitted some = fitted(PowerLawFit.logLinear(law.design(), open, median));
    assertThat(some.unreached()).isEqualTo(16);
    assertThat(some.residualStd()).isEqualTo(all.residualStd());
    assertThat(some.parameter("alpha").value()).isEqualTo(all.parameter("alpha").value());
  }

  private static double last(List<Point> points, Point of) {
    return points.stream()
        .filter(p -> p.condition() == of.condition())
        .mapToDouble(Point::time)
        .max()
        .getAsDouble();
  }

  /** Stopped at 20, the third may have emerged at 21 or never: the median lies in (20, 30]. */
  @Test
  void a_median_that_a_censored_seed_may_change_is_known_from_below_alone() {
    Design one = new Design(List.of(new Parameter("C", true)), new double[][] {{1}}, new double[1]);
    List<Point> points =
        List.of(new Point(0, 0, 10, false), new Point(0, 1, 30, false), new Point(0, 2, 20, true));
    Sample sample = Sample.of(points, Planted.options(Aggregate.MEDIAN, true));
    assertThat(sample.censored(0)).isTrue();
    assertThat(sample.lows()[0]).isCloseTo(Math.log(20), within(1e-12));
    assertThat(PowerLawFit.logLinear(one, points, Planted.options(Aggregate.MEDIAN, true)))
        .isInstanceOf(FitResult.Refused.class);
  }

  @Test
  void the_tail_of_the_normal_distribution_is_continuous_and_finite_far_out() {
    assertThat(UpperTail.log(4 - 1e-9)).isCloseTo(UpperTail.log(4 + 1e-9), within(1e-7));
    assertThat(UpperTail.log(1e4))
        .isCloseTo(-5.0e7 - Math.log(1e4) - 0.5 * Math.log(2 * Math.PI), within(1e-6));
    assertThat(UpperTail.log(0)).isCloseTo(Math.log(0.5), within(1e-15));
    assertThat(UpperTail.log(-50)).isZero();
  }

  private FitResult.Fitted fit(List<Point> points, boolean censored) {
    return fitted(
        PowerLawFit.logLinear(law.design(), points, Planted.options(Aggregate.PER_SEED, censored)));
  }
}
