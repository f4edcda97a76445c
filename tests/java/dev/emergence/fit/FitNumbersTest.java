package dev.emergence.fit;

import static dev.emergence.fit.Planted.fitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.fit.FitOptions.Aggregate;
import dev.emergence.fit.FitOptions.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.TDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers of a fit that closed forms give too. */
class FitNumbersTest {
  private static final List<Parameter> LINE = Planted.PARAMETERS.subList(0, 2);
  private static final double[] X = {0, 1, 3};

  private static Design constant() {
    return new Design(LINE.subList(0, 1), new double[][] {{1}}, new double[1]);
  }

  private static Design line(double... offsets) {
    double[][] rows =
        IntStream.range(0, 3).mapToObj(i -> new double[] {1, X[i]}).toArray(double[][]::new);
    return new Design(LINE, rows, offsets.length == 0 ? new double[3] : offsets);
  }

  private static FitOptions options(Aggregate aggregate, boolean brackets, Unit unit) {
    return new FitOptions(aggregate, brackets, brackets, new FitOptions.Interval(0.95, unit));
  }

  private static FitResult.Fitted fit(Design design, List<Point> points, FitOptions options) {
    return fitted(PowerLawFit.logLinear(design, points, options));
  }

  private static List<Point> times(double... times) {
    return IntStream.range(0, times.length)
        .mapToObj(i -> new Point(0, i, times[i], false))
        .toList();
  }

  private static double student(int freedom) {
    return new TDistribution(freedom).inverseCumulativeProbability(0.975);
  }

  /** Of columns of norm 1 with the cosine c between them it is √((1 + c)/(1 - c)). */
  @Test
  void the_condition_number_is_that_of_columns_of_norm_1() {
    double cosine = 4 / Math.sqrt(3 * 10);
    double expected = Math.sqrt((1 + cosine) / (1 - cosine));
    List<Point> points =
        IntStream.range(0, 3).mapToObj(i -> new Point(i, 0, 5 + i * i, false)).toList();
    assertThat(fit(line(), points, Planted.perSeed()).condition())
        .isCloseTo(expected, within(1e-12));
    FitResult nonlinear =
        PowerLawFit.nonlinear(
            List.of(new Parameter("a", false), new Parameter("b", false)),
            (p, c) -> p[0] + p[1] * X[c],
            points,
            Planted.perSeed());
    assertThat(nonlinear.condition()).isCloseTo(expected, within(1e-8));
  }

  @Test
  void a_law_without_parameters_has_nothing_to_be_unsure_of() {
    Design fixed = new Design(List.of(), new double[3][0], new double[] {2, 3, 5});
    FitResult.Fitted fit = fit(fixed, onLine(3, 9), Planted.perSeed());
    assertThat(fit.condition()).isEqualTo(1);
    assertThat(fit.notes()).isEmpty();
    assertThat(fit.replicates().isEmpty()).isTrue();
    assertThat(fit.replicates().halfWidth(law -> 1)).isNaN();
  }

  /** Of a constant the jackknife's standard error is that of the mean. */
  @Test
  void the_interval_of_a_constant_by_point_is_that_of_a_mean() {
    double[] logs = {1, 2, 4};
    Estimate two = constantByPoint(1, 2);
    assertThat(Math.log(two.upper())).isCloseTo(1.5 + student(1) * 0.5, within(1e-9));
    Estimate three = constantByPoint(logs);
    double error = Math.sqrt(42.0 / 18 / 3);
    assertThat(Math.log(three.lower())).isCloseTo(7.0 / 3 - student(2) * error, within(1e-9));
    assertThat(Math.log(three.upper())).isCloseTo(7.0 / 3 + student(2) * error, within(1e-9));
  }

  private static Estimate constantByPoint(double... logs) {
    double[] times = IntStream.range(0, logs.length).mapToDouble(i -> Math.exp(logs[i])).toArray();
    return fit(constant(), times(times), options(Aggregate.PER_SEED, false, Unit.POINT))
        .parameter("C");
  }

  @Test
  void by_point_each_parameter_takes_a_degree_of_freedom() {
    List<Point> points = onLine(2, 1);
    FitResult.Fitted fit = fit(line(), points, options(Aggregate.PER_SEED, false, Unit.POINT));
    assertThat(fit.replicates().laws()).hasSize(6);
    assertThat(fit.replicates().quantile()).isEqualTo(student(4));
    assertThat(fit.units()).isEqualTo(6);
  }

  @Test
  void medians_are_left_out_one_at_a_time_where_points_vary_and_not_seeds() {
    FitResult.Fitted fit = fit(line(), onLine(4, 2), options(Aggregate.MEDIAN, false, Unit.POINT));
    assertThat(fit.replicates().laws()).hasSize(3);
    assertThat(fit.replicates().quantile()).isEqualTo(student(1));
  }

  @Test
  void of_very_many_points_the_interval_rests_on_as_many_numbers_as_there_are_groups() {
    double[] many = new Random(4).doubles(LeftOut.MOST_SINGLES + 1, 10, 20).toArray();
    FitResult.Fitted fit =
        fit(constant(), times(many), options(Aggregate.PER_SEED, false, Unit.POINT));
    assertThat(fit.replicates().quantile()).isEqualTo(student(199));
  }

  /** What a figure draws around a law agrees with the interval that is printed. */
  @ParameterizedTest
  @EnumSource(Aggregate.class)
  void the_band_of_a_parameter_is_its_interval(Aggregate aggregate) {
    FitResult.Fitted fit = fit(line(), onLine(4, 3), options(aggregate, false, Unit.SEED));
    Estimate alpha = fit.parameter("alpha");
    assertThat(fit.replicates().halfWidth(law -> law.get("alpha")))
        .isCloseTo((alpha.upper() - alpha.lower()) / 2, within(1e-12));
    assertThat(fit.notes()).isEmpty();
    // Of four seeds there are six halves, whose sum of squares is that of singles over 5/6 and 6.
    double halves = aggregate == Aggregate.MEDIAN ? Math.sqrt(1 / 5.0) : 1;
    assertThat(fit.replicates().quantile()).isCloseTo(student(3) * halves, within(1e-12));
  }

  private static List<Point> onLine(int seeds, long randomSeed) {
    Random random = new Random(randomSeed);
    List<Point> points = new ArrayList<>();
    for (int seed = 0; seed < seeds; seed++) {
      for (int c = 0; c < X.length; c++) {
        points.add(new Point(c, seed, Math.exp(2 + X[c] + 0.2 * random.nextGaussian()), false));
      }
    }
    return points;
  }

  /** Seeds 1 and 2 have the condition 0 alone, so that without seed 0 two points are left. */
  @Test
  void a_seed_without_which_there_are_fewer_points_than_parameters_leaves_no_interval() {
    Planted law = new Planted(2, 1, 0.5);
    List<Point> points =
        law.points(3, 0.1, 1e9, 6).stream()
            .filter(p -> p.seed() == 0 || p.condition() == 0)
            .toList();
    FitResult.Fitted fit = fit(law.design(), points, Planted.perSeed());
    assertThat(fit.notes())
        .containsExactly("no 95% interval: without seed 0 the points decide no law");
  }

  /** Times that are longer by what has no parameter leave all parameters as they are. */
  @Test
  void a_part_without_parameters_is_taken_off_brackets_and_censored_times() {
    List<Point> points = bracketed(onLine(4, 5));
    double[] offsets = {0.3, -1.1, 2};
    List<Point> longer =
        points.stream()
            .map(
                p -> {
                  double factor = Math.exp(offsets[p.condition()]);
                  return new Point(
                      p.condition(), p.seed(), p.time() * factor, p.censored(), p.after() * factor);
                })
            .toList();
    FitResult.Fitted plain = fit(line(), points, options(Aggregate.PER_SEED, true, Unit.SEED));
    FitResult.Fitted fit = fit(line(offsets), longer, options(Aggregate.PER_SEED, true, Unit.SEED));
    assertThat(fit.unreached()).isPositive();
    for (String name : List.of("C", "alpha")) {
      assertThat(fit.parameter(name).value())
          .isCloseTo(plain.parameter(name).value(), within(1e-9));
    }
    assertThat(fit.residualStd()).isCloseTo(plain.residualStd(), within(1e-9));
  }

  private static List<Point> bracketed(List<Point> points) {
    double limit = Math.exp(5);
    return points.stream()
        .map(
            p ->
                p.time() > limit
                    ? new Point(p.condition(), p.seed(), limit, true)
                    : new Point(p.condition(), p.seed(), p.time(), false, 0.8 * p.time()))
        .toList();
  }

  @Test
  void r2_of_brackets_is_that_of_their_middles() {
    List<Point> points = bracketed(onLine(3, 7)).stream().filter(p -> !p.censored()).toList();
    FitResult.Fitted fit = fit(line(), points, options(Aggregate.PER_SEED, true, Unit.SEED));
    double c = Math.log(fit.parameter("C").value());
    double alpha = fit.parameter("alpha").value();
    double[] y = points.stream().mapToDouble(p -> Math.log(0.9 * p.time())).toArray();
    double mean = IntStream.range(0, y.length).mapToDouble(i -> y[i]).average().orElseThrow();
    double left = 0;
    double total = 0;
    for (int i = 0; i < y.length; i++) {
      left += Math.pow(y[i] - c - alpha * X[points.get(i).condition()], 2);
      total += Math.pow(y[i] - mean, 2);
    }
    assertThat(fit.r2()).isCloseTo(1 - left / total, within(1e-12));
  }

  @Test
  void as_many_points_as_parameters_have_no_scatter() {
    List<Point> points = List.of(new Point(0, 0, 7, false), new Point(1, 0, 31, false));
    assertThat(fit(line(), points, Planted.perSeed()).residualStd()).isNaN();
  }

  @Test
  void r2_below_0_is_said_alone_where_all_emerged() {
    Design far = new Design(List.of(), new double[1][0], new double[] {Math.log(1000)});
    assertThat(fit(far, times(10, 20, 60), Planted.perSeed()).notes())
        .containsExactly("r2 is below 0: the points lie closer to their own mean than to the law");
  }

  @Test
  void r2_is_said_to_be_about_the_points_that_emerged_where_others_count() {
    List<Point> points = new ArrayList<>(onLine(3, 8));
    points.add(new Point(2, 3, 1, true));
    FitOptions options = Planted.options(Aggregate.PER_SEED, true);
    assertThat(fit(line(), points, options).notes())
        .contains("r2 is about the 9 points that emerged, but the law is about the other one too");
    points.add(new Point(2, 4, 1, true));
    assertThat(fit(line(), points, options).notes())
        .contains("r2 is about the 9 points that emerged, but the law is about the 2 others too");
  }
}
