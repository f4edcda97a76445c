package dev.emergence.fit;

import static dev.emergence.fit.Planted.fitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.fit.FitOptions.Aggregate;
import dev.emergence.fit.FitOptions.Unit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalCensoredTest {
  private static final FitOptions.Interval BY_SEED = new FitOptions.Interval(0.95, Unit.SEED);
  private final Planted law = new Planted(0.76, 1.29, 0.80);

  @Test
  void coarse_evaluations_bias_least_squares_and_not_the_likelihood_of_brackets() {
    double exact = 0;
    double brackets = 0;
    int repetitions = 40;
    for (int r = 0; r < repetitions; r++) {
      List<Point> points = evaluated(law.points(5, 0.3, 1e9, 300 + r), 400);
      exact += fit(points, false).parameter("alpha").value() / repetitions;
      brackets += fit(points, true).parameter("alpha").value() / repetitions;
    }
    assertThat(brackets).isCloseTo(1.29, within(0.04));
    assertThat(exact).isLessThan(1.2);
  }

  /** Known to lie in a bracket that is a share of the time wide. */
  private static List<Point> narrowed(List<Point> points, double width) {
    return points.stream().map(p -> narrowed(p, width)).toList();
  }

  private static Point narrowed(Point p, double width) {
    return p.censored()
        ? p
        : new Point(p.condition(), p.seed(), p.time(), false, p.time() * (1 - width));
  }

  @Test
  void narrow_brackets_give_what_exact_times_give() {
    List<Point> points = law.points(4, 0.3, 6000, 5);
    List<Point> narrow = narrowed(points, 1e-4);
    Estimate exact = fit(points, true).parameter("alpha");
    Estimate bracket = fit(narrow, true).parameter("alpha");
    assertThat(bracket.value()).isCloseTo(exact.value(), within(1e-4));
    assertThat(bracket.lower()).isCloseTo(exact.lower(), within(1e-4));
  }

  /** A gradient flow's crossings are known to rounding, and its times lie close to a law. */
  @Test
  void brackets_as_narrow_as_rounding_give_what_exact_times_give_however_close_to_the_law() {
    List<Point> points = law.points(4, 0.01, 6000, 5);
    List<Point> narrow = narrowed(points, 1e-12);
    for (String name : List.of("C", "alpha", "beta")) {
      Estimate exact = fit(points, true).parameter(name);
      assertThat(fit(narrow, true).parameter(name).value()).isCloseTo(exact.value(), within(1e-9));
      assertThat(fit(narrow, true).parameter(name).upper()).isCloseTo(exact.upper(), within(1e-9));
    }
  }

  @Test
  void brackets_that_a_whole_range_of_laws_passes_through_are_refused_with_a_way_out() {
    Design two =
        new Design(
            List.of(new Parameter("C", true), new Parameter("alpha", false)),
            new double[][] {{1, Math.log(2)}, {1, Math.log(4)}},
            new double[2]);
    List<Point> points =
        List.of(
            new Point(0, 0, 200, false, 100),
            new Point(0, 1, 200, false, 100),
            new Point(1, 0, 400, false, 300),
            new Point(1, 1, 400, false, 300));
    FitResult result = PowerLawFit.logLinear(two, points, options(true));
    assertThat(((FitResult.Refused) result).reason())
        .startsWith("the evaluations lie too far apart")
        .endsWith("evaluate more often, or use method: log_least_squares");
  }

  @ParameterizedTest
  @CsvSource({"0, 10", "4, 36"})
  void a_condition_within_one_wide_bracket_beside_one_that_is_resolved_decides_no_exponent(
      double after, double by) {
    List<Point> points = new ArrayList<>();
    for (int seed = 0; seed < 4; seed++) {
      points.add(new Point(0, seed, by, false, after));
      points.add(new Point(1, seed, 40 + 10 * seed, false, 30 + 10 * seed));
    }
    Design two =
        new Design(
            List.of(new Parameter("C", true), new Parameter("alpha", false)),
            new double[][] {{1, Math.log(8)}, {1, Math.log(16)}},
            new double[2]);
    assertThat(PowerLawFit.logLinear(two, points, options(true)))
        .isInstanceOfSatisfying(
            FitResult.Refused.class,
            refused ->
                assertThat(refused.reason()).startsWith("the evaluations lie too far apart"));
    // One seed that says more decides it, but says nothing of how much seeds differ.
    points.set(0, new Point(0, 0, 22, false, 20));
    FitResult.Fitted fit = fitted(PowerLawFit.logLinear(two, points, options(true)));
    assertThat(fit.notes()).contains("no 95% interval: without seed 0 the points decide no law");
  }

  @Test
  void runs_that_emerge_before_the_first_evaluation_or_not_at_all_decide_no_scatter() {
    List<Point> points = new ArrayList<>();
    for (int seed = 0; seed < 6; seed++) {
      points.add(seed < 4 ? new Point(0, seed, 10, false, 0) : new Point(0, seed, 50 + seed, true));
    }
    Design one = new Design(List.of(new Parameter("C", true)), new double[][] {{1}}, new double[1]);
    assertThat(PowerLawFit.logLinear(one, points, options(true)))
        .isInstanceOfSatisfying(
            FitResult.Refused.class,
            refused ->
                assertThat(refused.reason()).startsWith("the evaluations lie too far apart"));
    points.set(0, new Point(0, 0, 20, false, 10));
    assertThat(fitted(PowerLawFit.logLinear(one, points, options(true))).residualStd())
        .isBetween(1.0, 4.0);
  }

  @Test
  void a_crossing_between_the_start_and_the_first_evaluation_counts_as_before_it() {
    List<Point> points =
        law.points(3, 0.3, 1e9, 9).stream()
            .map(p -> new Point(p.condition(), p.seed(), p.time(), false, 0.9 * p.time()))
            .toList();
    List<Point> early =
        points.stream()
            .map(p -> p.condition() == 0 ? new Point(0, p.seed(), p.time(), false, 0) : p)
            .toList();
    assertThat(fit(early, true).points()).isEqualTo(48);
    assertThat(fit(early, true).parameter("alpha").value())
        .isCloseTo(fit(points, true).parameter("alpha").value(), within(0.1));
  }

  /** Each run emerged after its bracket's start, so that the mean and the median surely did. */
  @ParameterizedTest
  @CsvSource({"MEAN, 50, 60", "MEDIAN, 40, 50"})
  void a_point_that_never_emerged_is_later_than_the_starts_of_its_seeds_brackets(
      Aggregate aggregate, double brackets, double exact) {
    List<Point> seeds =
        List.of(
            new Point(0, 0, 50, false, 40),
            new Point(0, 1, 100, false, 80),
            new Point(0, 2, 30, true));
    for (boolean known : new boolean[] {true, false}) {
      Sample sample = Sample.of(seeds, new FitOptions(aggregate, true, known, BY_SEED));
      assertThat(sample.censored(0)).isTrue();
      assertThat(Math.exp(sample.lows()[0])).isCloseTo(known ? brackets : exact, within(1e-9));
    }
  }

  /** Reference values by arbitrary precision. */
  @ParameterizedTest
  @CsvSource({
    "-1, 1, -0.3817151",
    "0, 1e-3, -7.8266940",
    "3, 4, -6.6314678",
    "-40, -39, -765.0831566",
    "10, 10.5, -53.2369694",
    "-Infinity, 0, -0.6931472",
    "2, Infinity, -3.7831843"
  })
  void the_probability_of_a_bracket_is_accurate_in_the_tails(double a, double b, double log) {
    assertThat(Likelihood.logProbability(a, b)).isCloseTo(log, within(1e-6));
    assertThat(Likelihood.logProbability(-b, -a)).isCloseTo(log, within(1e-6));
  }

  @Test
  void gradient_and_information_agree_with_differences() {
    Likelihood likelihood =
        new Likelihood(
            new double[][] {{1, 0.7}, {1, 1.9}, {1, 2.5}, {1, 3.1}},
            new double[] {1.2, Double.NEGATIVE_INFINITY, 2.1, 2.9},
            new double[] {1.9, 2.2, 2.1, Double.POSITIVE_INFINITY});
    double[] phi = {0.9, 1.4, 1.7};
    double[] gradient = likelihood.gradient(phi);
    for (int k = 0; k < 3; k++) {
      double[] up = phi.clone();
      double[] down = phi.clone();
      up[k] += 1e-5;
      down[k] -= 1e-5;
      assertThat(gradient[k])
          .isCloseTo((likelihood.value(up) - likelihood.value(down)) / 2e-5, within(1e-7));
      for (int j = 0; j < 3; j++) {
        assertThat(-likelihood.information(phi).getEntry(j, k))
            .isCloseTo(
                (likelihood.gradient(up)[j] - likelihood.gradient(down)[j]) / 2e-5, within(1e-6));
      }
    }
  }

  private static List<Point> evaluated(List<Point> points, double every) {
    return points.stream()
        .map(
            p -> {
              double at = Math.ceil(p.time() / every) * every;
              return new Point(p.condition(), p.seed(), at, false, at - every);
            })
        .toList();
  }

  private FitResult.Fitted fit(List<Point> points, boolean brackets) {
    return fitted(PowerLawFit.logLinear(law.design(), points, options(brackets)));
  }

  private static FitOptions options(boolean brackets) {
    return new FitOptions(Aggregate.PER_SEED, true, brackets, BY_SEED);
  }
}
