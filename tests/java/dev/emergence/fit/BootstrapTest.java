package dev.emergence.fit;

import static dev.emergence.fit.Planted.fitted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.fit.FitOptions.Aggregate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static final double NO_LIMIT = Double.POSITIVE_INFINITY;
  private final Planted law = new Planted(0.76, 1.29, 0.80);

  @Test
  void intervals_by_point_cover_the_truth_about_as_often_as_they_say() {
    int covered = 0;
    for (int r = 0; r < 60; r++) {
      Estimate alpha =
          fit(law.points(4, 0.3, NO_LIMIT, 1000 + r), FitOptions.Unit.POINT, 150)
              .parameter("alpha");
      covered += alpha.lower() <= 1.29 && 1.29 <= alpha.upper() ? 1 : 0;
    }
    // 95 % of 60 is 57; the percentile bootstrap of 64 points is a little short.
    assertThat(covered).isBetween(50, 59);
  }

  @Test
  void a_shared_shift_of_a_seed_widens_the_interval_of_the_factor_only_by_seed() {
    Random random = new Random(5);
    double[] shift = random.doubles(8, -0.5, 0.5).toArray();
    List<Point> points = new ArrayList<>();
    for (Point p : law.points(8, 0.02, NO_LIMIT, 3)) {
      points.add(new Point(p.condition(), p.seed(), p.time() * Math.exp(shift[p.seed()]), false));
    }
    FitResult.Fitted bySeed = fit(points, FitOptions.Unit.SEED, 400);
    FitResult.Fitted byPoint = fit(points, FitOptions.Unit.POINT, 400);
    // All conditions of a seed move together: exponents stay, the factor does not, and only the
    // draw by seed knows.
    assertThat(width(bySeed, "alpha")).isLessThan(0.4 * width(byPoint, "alpha"));
    assertThat(width(bySeed, "C")).isGreaterThan(0.1);
  }

  @Test
  void intervals_are_the_same_each_time() {
    List<Point> points = law.points(3, 0.2, NO_LIMIT, 8);
    assertThat(fit(points, FitOptions.Unit.SEED, 100))
        .isEqualTo(fit(points, FitOptions.Unit.SEED, 100));
  }

  @Test
  void the_order_of_the_points_does_not_matter_by_seed() {
    List<Point> points = law.points(3, 0.2, NO_LIMIT, 8);
    List<Point> reversed = new ArrayList<>(points);
    java.util.Collections.reverse(reversed);
    Estimate a = fit(points, FitOptions.Unit.SEED, 100).parameter("beta");
    Estimate b = fit(reversed, FitOptions.Unit.SEED, 100).parameter("beta");
    assertThat(b.lower()).isCloseTo(a.lower(), org.assertj.core.api.Assertions.within(1e-12));
    assertThat(b.upper()).isCloseTo(a.upper(), org.assertj.core.api.Assertions.within(1e-12));
  }

  @Test
  void one_seed_gives_no_interval_and_says_what_to_do() {
    FitResult.Fitted fit = fit(law.points(1, 0.2, NO_LIMIT, 8), FitOptions.Unit.SEED, 100);
    assertThat(fit.parameter("alpha").hasInterval()).isFalse();
    assertThat(fit.resamples()).isZero();
    assertThat(fit.notes())
        .singleElement()
        .asString()
        .contains("at least 2 seeds")
        .contains("use by: point");
  }

  @Test
  void resamples_that_decide_no_law_are_left_out_and_counted() {
    // Seeds cover different halves of the grid: a draw of one seed alone cannot tell beta.
    List<Point> points =
        law.points(2, 0.1, NO_LIMIT, 8).stream()
            .filter(p -> (p.condition() % 4 == 0) == (p.seed() == 0))
            .toList();
    FitResult.Fitted fit = fit(points, FitOptions.Unit.SEED, 200);
    assertThat(fit.resamples()).isBetween(120, 180);
    assertThat(fit.parameter("beta").hasInterval()).isTrue();
  }

  @Test
  void too_few_usable_resamples_give_no_interval() {
    List<Point> points =
        law.points(4, 0.1, NO_LIMIT, 8).stream()
            .filter(p -> p.condition() % 4 == p.seed())
            .toList();
    FitResult.Fitted fit = fit(points.subList(0, 5), FitOptions.Unit.SEED, 200);
    assertThat(fit.parameter("beta").hasInterval()).isFalse();
    assertThat(fit.notes()).singleElement().asString().contains("resamples decide the parameters");
  }

  @Test
  void a_censored_fit_has_intervals_too() {
    FitOptions options =
        new FitOptions(
            Aggregate.PER_SEED, true, new FitOptions.Resampling(100, 0.9, FitOptions.Unit.SEED, 7));
    FitResult.Fitted fit =
        fitted(PowerLawFit.logLinear(law.design(), law.points(6, 0.3, 9000, 12), options));
    assertThat(fit.unreached()).isPositive();
    Estimate alpha = fit.parameter("alpha");
    assertThat(alpha.lower()).isLessThan(alpha.value());
    assertThat(alpha.upper()).isGreaterThan(alpha.value()).isLessThan(alpha.value() + 0.5);
    assertThat(fit.resamples()).isEqualTo(100);
  }

  private FitResult.Fitted fit(List<Point> points, FitOptions.Unit unit, int resamples) {
    FitOptions options =
        new FitOptions(
            Aggregate.PER_SEED, false, new FitOptions.Resampling(resamples, 0.95, unit, 7));
    return fitted(PowerLawFit.logLinear(law.design(), points, options));
  }

  private static double width(FitResult.Fitted fit, String name) {
    return fit.parameter(name).upper() - fit.parameter(name).lower();
  }
}
