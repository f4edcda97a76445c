package dev.emergence.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalTest {
  private static final List<Parameter> PARAMETERS = Planted.PARAMETERS;

  @Test
  void a_variable_that_never_varies_is_refused_by_name() {
    FitResult.Refused refused = refuse(c -> Math.log(16 << c), c -> Math.log(256), 4);
    assertThat(refused.reason())
        .startsWith(
            "'beta' cannot be told from 'C': what it is the exponent of takes one value in these"
                + " points");
    assertThat(refused.condition()).isGreaterThan(1e8);
    // Here and there the matrix is singular to the last bit, and its number no number.
    FitResult.Refused exact = refuse(c -> Math.log(16 << c), c -> 1, 4);
    assertThat(exact.condition()).isInfinite();
    assertThat(exact.reason()).endsWith("out of the formula");
  }

  @Test
  void variables_that_vary_together_are_refused_by_name() {
    FitResult.Refused refused = refuse(c -> Math.log(16 << c), c -> Math.log(32 << c), 4);
    assertThat(refused.reason())
        .startsWith("'C', 'alpha', 'beta' cannot be told apart")
        .doesNotContain("Infinity");
    assertThat(refuse(c -> Math.log(16 << c), c -> Math.log(32 << c) + 1e-12 * c * c, 4).reason())
        .containsPattern("formula \\(condition number \\d\\.\\de\\+\\d+\\)");
  }

  @Test
  void an_exponent_of_one_is_refused_as_without_effect() {
    FitResult.Refused refused = refuse(c -> Math.log(16 << c), c -> 0, 4);
    assertThat(refused.reason())
        .startsWith(
            "'beta' has no effect on these points: what it multiplies is 0, or what it is the"
                + " exponent of is 1, in all of them");
  }

  @Test
  void fewer_points_than_parameters_are_refused_with_both_numbers() {
    FitResult.Refused refused = refuse(c -> Math.log(16 << c), c -> Math.log(3 + c * c), 2);
    assertThat(refused.reason())
        .isEqualTo(
            "3 parameters ('C', 'alpha', 'beta') need at least 3 points that emerged, got 2");
    assertThat(refused.points()).isEqualTo(2);
  }

  @Test
  void nothing_that_emerged_is_refused_with_the_count_of_unreached_runs() {
    Planted law = new Planted(1000, 1.1, 0.7);
    for (boolean censored : new boolean[] {false, true}) {
      FitResult result =
          PowerLawFit.logLinear(
              law.design(),
              law.points(2, 0, 10, 1),
              Planted.options(FitOptions.Aggregate.PER_SEED, censored));
      assertThat(((FitResult.Refused) result).reason())
          .isEqualTo("no point has a time to fit: 32 runs are unreached");
    }
    assertThat(PowerLawFit.logLinear(law.design(), List.of(), Planted.perSeed()))
        .isInstanceOfSatisfying(
            FitResult.Refused.class,
            r -> assertThat(r.reason()).isEqualTo("no point has a time to fit"));
  }

  @Test
  void points_at_time_0_are_the_reason_when_nothing_else_is_left() {
    List<Point> points = List.of(new Point(0, 0, 0, false), new Point(1, 0, 0, false));
    FitResult result =
        PowerLawFit.logLinear(new Planted(1, 1, 1).design(), points, Planted.perSeed());
    assertThat(((FitResult.Refused) result).reason())
        .isEqualTo(
            "no point has a time to fit: 2 points at time 0 left out: the threshold was passed"
                + " before training, and 0 has no logarithm");
  }

  @Test
  void points_that_were_left_out_are_said_when_the_others_do_not_decide_the_law() {
    double[][] rows = {{1, Math.log(2)}, {1, Math.log(4)}};
    Design line = new Design(PARAMETERS.subList(0, 2), rows, new double[2]);
    List<Point> points =
        List.of(
            new Point(0, 0, 0, false),
            new Point(0, 1, 0, false),
            new Point(1, 0, 10, false),
            new Point(1, 1, 30, false));
    FitResult result = PowerLawFit.logLinear(line, points, Planted.perSeed());
    assertThat(((FitResult.Refused) result).reason())
        .startsWith("'alpha' cannot be told from 'C'")
        .endsWith(
            "; 2 points at time 0 left out: the threshold was passed before training, and 0 has no"
                + " logarithm");
  }

  @Test
  void censored_points_alone_do_not_make_a_design_identifiable() {
    // Only one value of d emerged: its exponent would rest on "later than" alone.
    Planted law = new Planted(2, 3, 0.2);
    List<Point> points = law.points(2, 0.01, 1.05 * law.time(3), 1);
    FitResult result =
        PowerLawFit.logLinear(
            law.design(), points, Planted.options(FitOptions.Aggregate.PER_SEED, true));
    assertThat(((FitResult.Refused) result).reason()).startsWith("'alpha' cannot be told from 'C'");
  }

  @Test
  void nonlinear_laws_refuse_parameters_that_only_act_together() {
    LogLaw product = (p, c) -> Math.log(p[0] * p[1]) + c * 0.5;
    List<Point> points =
        List.of(new Point(0, 0, 3, false), new Point(1, 0, 4, false), new Point(2, 0, 9, false));
    FitResult result =
        PowerLawFit.nonlinear(
            List.of(new Parameter("a", false), new Parameter("b", false)),
            product,
            points,
            Planted.perSeed());
    assertThat(((FitResult.Refused) result).reason()).startsWith("'a', 'b' cannot be told apart");
  }

  @Test
  void nonlinear_laws_refuse_a_parameter_that_does_nothing_where_they_fit_best() {
    List<Point> points =
        List.of(
            new Point(0, 0, 5, false),
            new Point(1, 0, 5, false),
            new Point(2, 0, 5, false),
            new Point(3, 0, 5, false));
    LogLaw flat = (p, c) -> p[0] + (c > 9 ? p[1] : 0);
    FitResult result =
        PowerLawFit.nonlinear(
            List.of(new Parameter("a", false), new Parameter("b", false)),
            flat,
            points,
            Planted.perSeed());
    assertThat(((FitResult.Refused) result).reason())
        .isEqualTo(
            "'b' has no effect on these points: where the law fits best, it gives the same times"
                + " with any other value of it; the times may be too alike for this formula, which"
                + " has 2 parameters; use one with fewer, or vary the settings more");
  }

  @Test
  void nonlinear_laws_refuse_censored_points_with_a_way_out() {
    FitResult result =
        PowerLawFit.nonlinear(
            List.of(new Parameter("a", false)),
            (p, c) -> p[0],
            List.of(new Point(0, 0, 3, true)),
            Planted.options(FitOptions.Aggregate.PER_SEED, true));
    assertThat(((FitResult.Refused) result).reason())
        .contains("use method: log_least_squares, or unreached: exclude");
  }

  @Test
  void a_law_without_a_value_is_refused() {
    FitResult result =
        PowerLawFit.nonlinear(
            List.of(new Parameter("a", false)),
            (p, c) -> Math.log(-1 - p[0] * p[0]),
            List.of(new Point(0, 0, 3, false), new Point(1, 0, 4, false)),
            Planted.perSeed());
    assertThat(((FitResult.Refused) result).reason()).startsWith("the formula has no value");
  }

  private static FitResult.Refused refuse(
      java.util.function.IntToDoubleFunction alpha,
      java.util.function.IntToDoubleFunction beta,
      int conditions) {
    double[][] rows = new double[conditions][];
    List<Point> points = new ArrayList<>();
    for (int c = 0; c < conditions; c++) {
      rows[c] = new double[] {1, alpha.applyAsDouble(c), beta.applyAsDouble(c)};
      points.add(new Point(c, 0, 100 + 37 * c, false));
    }
    return (FitResult.Refused)
        PowerLawFit.logLinear(
            new Design(PARAMETERS, rows, new double[conditions]), points, Planted.perSeed());
  }

  @Test
  void nonlinear_laws_refuse_brackets_and_leave_out_unreached_runs_where_they_may() {
    List<Point> points =
        List.of(new Point(0, 0, 3, false), new Point(0, 1, 5, false), new Point(0, 2, 9, true));
    List<Parameter> one = List.of(new Parameter("a", false));
    FitOptions.Interval interval = new FitOptions.Interval(0.95, FitOptions.Unit.SEED);
    for (boolean brackets : new boolean[] {true, false}) {
      FitOptions excluded =
          new FitOptions(FitOptions.Aggregate.PER_SEED, false, brackets, interval);
      FitResult result = PowerLawFit.nonlinear(one, (p, c) -> p[0], points, excluded);
      assertThat(result instanceof FitResult.Refused).isEqualTo(brackets);
      assertThat(result.unreached()).isEqualTo(1);
    }
    FitOptions kept = Planted.options(FitOptions.Aggregate.PER_SEED, true);
    assertThat(PowerLawFit.nonlinear(one, (p, c) -> p[0], points.subList(0, 2), kept))
        .isInstanceOf(FitResult.Fitted.class);
  }

  @Test
  void runs_of_which_nothing_was_measured_are_left_out_and_said_where_unreached_ones_count() {
    Design one = new Design(PARAMETERS.subList(0, 1), new double[][] {{1}}, new double[1]);
    List<Point> points =
        List.of(new Point(0, 0, 8, false), new Point(0, 1, 18, false), new Point(0, 2, 0, true));
    for (boolean censored : new boolean[] {true, false}) {
      FitResult.Fitted fit =
          Planted.fitted(
              PowerLawFit.logLinear(
                  one, points, Planted.options(FitOptions.Aggregate.PER_SEED, censored)));
      assertThat(fit.parameter("C").value()).isCloseTo(12, within(1e-9));
      assertThat(fit.points()).isEqualTo(2);
      assertThat(fit.notes()).noneMatch(note -> note.contains("at time 0"));
      assertThat(fit.notes().contains("1 run left out: nothing was measured after the start"))
          .isEqualTo(censored);
    }
  }

  @Test
  void two_parameters_of_one_kind_that_cannot_be_told_apart_are_both_named() {
    double[][] rows = {{1, 1}, {1, 1}, {1, 1}};
    List<Point> points =
        List.of(new Point(0, 0, 3, false), new Point(1, 0, 4, false), new Point(2, 0, 9, false));
    for (boolean factors : new boolean[] {true, false}) {
      List<Parameter> two = List.of(new Parameter("a", factors), new Parameter("b", factors));
      FitResult result =
          PowerLawFit.logLinear(new Design(two, rows, new double[3]), points, Planted.perSeed());
      assertThat(((FitResult.Refused) result).reason()).startsWith("'a', 'b' cannot be told apart");
    }
    List<Parameter> exponentFirst = List.of(new Parameter("a", false), new Parameter("C", true));
    FitResult result =
        PowerLawFit.logLinear(
            new Design(exponentFirst, rows, new double[3]), points, Planted.perSeed());
    assertThat(((FitResult.Refused) result).reason()).startsWith("'a' cannot be told from 'C'");
  }
}
