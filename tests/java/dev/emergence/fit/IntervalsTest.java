package dev.emergence.fit;

import static dev.emergence.fit.Planted.fitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.emergence.fit.FitOptions.Aggregate;
import dev.emergence.fit.FitOptions.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.hipparchus.distribution.continuous.TDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalsTest {
  private static final double NO_LIMIT = Double.POSITIVE_INFINITY;
  private final Planted law = new Planted(0.76, 1.29, 0.80);

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 10})
  void with_equal_conditions_for_all_seeds_it_is_the_t_interval_of_the_seeds_own_laws(int seeds) {
    List<Point> points = law.points(seeds, 0.3, NO_LIMIT, 7);
    double[] alphas = new double[seeds];
    for (int s = 0; s < seeds; s++) {
      int one = s;
      alphas[s] =
          fit(points.stream().filter(p -> p.seed() == one).toList(), Unit.SEED)
              .parameter("alpha")
              .value();
    }
    double mean = java.util.Arrays.stream(alphas).average().orElseThrow();
    double squares =
        java.util.Arrays.stream(alphas).map(a -> (a - mean) * (a - mean)).sum() / (seeds - 1);
    double half =
        new TDistribution(seeds - 1).inverseCumulativeProbability(0.975)
            * Math.sqrt(squares / seeds);
    Estimate alpha = fit(points, Unit.SEED).parameter("alpha");
    assertThat(alpha.lower()).isCloseTo(mean - half, within(1e-9));
    assertThat(alpha.upper()).isCloseTo(mean + half, within(1e-9));
  }

  @ParameterizedTest
  @EnumSource(Unit.class)
  void to_leave_out_groups_of_very_many_gives_about_the_interval_of_one_at_a_time(Unit unit) {
    List<Point> many = law.points(2100, 0.3, NO_LIMIT, 11);
    List<Point> some = many.subList(0, many.size() * 1900 / 2100);
    if (unit == Unit.POINT) {
      many = many.subList(0, 2100);
      some = many.subList(0, 1900);
    }
    double expected = width(fit(some, unit), "alpha") * Math.sqrt(1900.0 / 2100);
    // The standard error of 200 groups has a spread of 5 % of its own.
    assertThat(width(fit(many, unit), "alpha")).isCloseTo(expected, withinPercentage(20));
    assertThat(fit(many, unit).replicates().laws()).hasSize(200);
  }

  @Test
  void a_shared_shift_of_a_seed_widens_the_interval_of_the_factor_only_by_seed() {
    Random random = new Random(5);
    double[] shift = random.doubles(8, -0.5, 0.5).toArray();
    List<Point> points = new ArrayList<>();
    for (Point p : law.points(8, 0.02, NO_LIMIT, 3)) {
      points.add(new Point(p.condition(), p.seed(), p.time() * Math.exp(shift[p.seed()]), false));
    }
    FitResult.Fitted bySeed = fit(points, Unit.SEED);
    FitResult.Fitted byPoint = fit(points, Unit.POINT);
    // All conditions of a seed move together: exponents stay, the factor does not, and only the
    // interval by seed knows.
    assertThat(width(bySeed, "alpha")).isLessThan(0.4 * width(byPoint, "alpha"));
    assertThat(width(bySeed, "C")).isGreaterThan(0.1);
  }

  @Test
  void the_order_of_the_points_does_not_matter() {
    List<Point> points = law.points(3, 0.2, NO_LIMIT, 8);
    List<Point> reversed = new ArrayList<>(points);
    Collections.reverse(reversed);
    for (Unit unit : Unit.values()) {
      Estimate a = fit(points, unit).parameter("beta");
      Estimate b = fit(reversed, unit).parameter("beta");
      assertThat(b.lower()).isCloseTo(a.lower(), within(1e-12));
      assertThat(b.upper()).isCloseTo(a.upper(), within(1e-12));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void fewer_than_three_seeds_give_no_interval_and_a_sentence(int seeds) {
    FitResult.Fitted fit = fit(law.points(seeds, 0.2, NO_LIMIT, 8), Unit.SEED);
    assertThat(fit.parameter("alpha").hasInterval()).isFalse();
    assertThat(fit.notes())
        .singleElement()
        .asString()
        .startsWith("no 95% interval: " + (seeds == 1 ? "one seed says" : "2 seeds say"))
        .contains("use 3 or more seeds, or interval: {by: point}");
  }

  @Test
  void a_seed_without_which_nothing_is_decided_leaves_no_interval() {
    // Only seed 2 varies T.
    List<Point> points =
        law.points(3, 0.1, NO_LIMIT, 8).stream()
            .filter(p -> p.condition() % 4 == 0 || p.seed() == 2)
            .toList();
    FitResult.Fitted fit = fit(points, Unit.SEED);
    assertThat(fit.parameter("beta").hasInterval()).isFalse();
    assertThat(fit.notes())
        .containsExactly("no 95% interval: without seed 2 the points decide no law");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_only_seed_that_emerged_leaves_no_interval(boolean bySeed) {
    // Without it, or without its only point, no row of the design is left.
    List<Point> points =
        law.points(3, 0.1, NO_LIMIT, 8).stream()
            .filter(p -> bySeed || p.condition() == 5)
            .map(p -> new Point(p.condition(), p.seed(), p.time(), p.seed() > 0))
            .toList();
    Design whole = law.design();
    double[][] constant = new double[whole.rows().length][1];
    Arrays.stream(constant).forEach(row -> row[0] = 1);
    Design design =
        bySeed
            ? whole
            : new Design(whole.parameters().subList(0, 1), constant, new double[constant.length]);
    FitResult.Fitted fit =
        fitted(
            PowerLawFit.logLinear(
                design,
                points,
                new FitOptions(
                    Aggregate.PER_SEED,
                    true,
                    false,
                    new FitOptions.Interval(0.95, bySeed ? Unit.SEED : Unit.POINT))));
    assertThat(fit.parameter("C").hasInterval()).isFalse();
    assertThat(fit.notes())
        .contains(
            "no 95% interval: without "
                + (bySeed ? "seed 0" : "one of the points")
                + " the points decide no law");
  }

  @Test
  void points_that_do_not_vary_have_no_interval_of_no_width() {
    FitResult.Fitted fit = fit(law.points(3, 0, NO_LIMIT, 8), Unit.SEED);
    assertThat(fit.parameter("alpha").hasInterval()).isFalse();
    assertThat(fit.notes()).containsExactly("no 95% interval: all 3 seeds give equal laws");
    FitResult.Fitted byPoint = fit(law.points(3, 0, NO_LIMIT, 8), Unit.POINT);
    assertThat(byPoint.notes())
        .containsExactly("no 95% interval: all 48 points lie exactly on the law");
  }

  @Test
  void as_many_points_as_parameters_leave_no_interval_by_point() {
    List<Point> points =
        law.points(1, 0.1, NO_LIMIT, 8).stream()
            .filter(p -> List.of(0, 1, 4).contains(p.condition()))
            .toList();
    assertThat(fit(points, Unit.POINT).notes())
        .contains("no 95% interval: 3 points leave nothing beside the parameters");
  }

  @Test
  void a_higher_level_is_a_wider_interval_and_is_named_as_written() {
    List<Point> points = law.points(2, 0.2, NO_LIMIT, 8);
    FitOptions options =
        new FitOptions(Aggregate.PER_SEED, false, false, new FitOptions.Interval(0.995, Unit.SEED));
    assertThat(fitted(PowerLawFit.logLinear(law.design(), points, options)).notes())
        .singleElement()
        .asString()
        .startsWith("no 99.5% interval");
    assertThat(FitOptions.percent(0.95)).isEqualTo("95%");
    assertThat(FitOptions.percent(0.9999)).isEqualTo("99.99%");
    assertThat(FitOptions.percent(0.5)).isEqualTo("50%");
  }

  /** Leaving out one of ten seeds held the exponent in 90 %: a median hardly notices one. */
  @Test
  void intervals_of_medians_hold_their_level_for_an_even_number_of_seeds() {
    FitOptions options = Planted.options(Aggregate.MEDIAN, false);
    int held = 0;
    int band = 0;
    int sets = 300;
    double far = Math.log(500);
    for (int set = 0; set < sets; set++) {
      FitResult.Fitted fit =
          fitted(PowerLawFit.logLinear(line(), onLine(10, new Random(set)), options));
      Estimate alpha = fit.parameter("alpha");
      held += alpha.lower() <= 1.2 && 1.2 <= alpha.upper() ? 1 : 0;
      double at = Math.log(fit.parameter("C").value()) + alpha.value() * far;
      double half = fit.replicates().halfWidth(l -> Math.log(l.get("C")) + l.get("alpha") * far);
      band += Math.abs(at - Math.log(40) - 1.2 * far) <= half ? 1 : 0;
    }
    assertThat(held / (double) sets).isBetween(0.93, 0.99);
    assertThat(band / (double) sets).isBetween(0.93, 0.99);
  }

  private static Design line() {
    double[][] rows = new double[5][];
    Arrays.setAll(rows, c -> new double[] {1, Math.log(4 << c)});
    return new Design(Planted.PARAMETERS.subList(0, 2), rows, new double[5]);
  }

  /** Times of 40 d^1.2 for d from 4 to 64. */
  private static List<Point> onLine(int seeds, Random random) {
    List<Point> points = new ArrayList<>();
    for (int seed = 0; seed < seeds; seed++) {
      for (int c = 0; c < 5; c++) {
        double noise = Math.exp(0.3 * random.nextGaussian());
        points.add(new Point(c, seed, 40 * Math.pow(4 << c, 1.2) * noise, false));
      }
    }
    return points;
  }

  @Test
  void seeds_without_which_medians_decide_nothing_are_named() {
    // Only seeds 2 and 3 vary T.
    List<Point> points =
        law.points(4, 0.1, NO_LIMIT, 8).stream()
            .filter(p -> p.condition() % 4 == 0 || p.seed() > 1)
            .toList();
    FitOptions options = Planted.options(Aggregate.MEDIAN, false);
    assertThat(fitted(PowerLawFit.logLinear(law.design(), points, options)).notes())
        .contains("no 95% interval: without seeds 2, 3 the points decide no law");
  }

  @Test
  void a_censored_fit_has_intervals_too() {
    FitOptions options =
        new FitOptions(Aggregate.PER_SEED, true, false, new FitOptions.Interval(0.9, Unit.SEED));
    FitResult.Fitted fit =
        fitted(PowerLawFit.logLinear(law.design(), law.points(6, 0.3, 9000, 12), options));
    assertThat(fit.unreached()).isPositive();
    Estimate alpha = fit.parameter("alpha");
    assertThat(alpha.lower()).isLessThan(alpha.value());
    assertThat(alpha.upper()).isGreaterThan(alpha.value()).isLessThan(alpha.value() + 0.5);
    assertThat(fit.units()).isEqualTo(6);
  }

  private FitResult.Fitted fit(List<Point> points, Unit unit) {
    FitOptions options =
        new FitOptions(Aggregate.PER_SEED, false, false, new FitOptions.Interval(0.95, unit));
    return fitted(PowerLawFit.logLinear(law.design(), points, options));
  }

  private static double width(FitResult.Fitted fit, String name) {
    return fit.parameter(name).upper() - fit.parameter(name).lower();
  }
}
