package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.Edited;
import dev.emergence.fit.FitResult;
import dev.emergence.plan.Plan;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LawFitterTest {
  private static final String TWO_SWEEPS =
"""
sweeps:
  vary_T: {grid: {task.dim: [16, 32, 64], task.sequence_length: [64, 128, 256]}}
  vary_B: {grid: {task.dim: [16, 32, 64], task.sequence_length: [256], repetition.in_context: [1, 4]}}
fits:
  law:
    data: [vary_T, vary_B]
    formula: "T_plateau = C * d^alpha * (T/B)^beta"
    points: per_seed
    expect: {alpha: {near: 0.6, within: 0.02}, beta: {at_least: 0.9}, r2: {at_least: 0.99}}
""";

  @Test
  void a_planted_law_is_found_from_the_stored_curves_alone() {
    Plan plan = Fabricated.plan(TWO_SWEEPS);
    FitReport law = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> time(c))).fits().get("law");
    FitResult.Fitted fitted = (FitResult.Fitted) law.result();
    // Times are rounded up to the next evaluation, hence not exact.
    assertThat(fitted.parameter("alpha").value()).isCloseTo(0.5, within(0.03));
    assertThat(fitted.parameter("beta").value()).isCloseTo(1.0, within(0.03));
    assertThat(fitted.r2()).isGreaterThan(0.99);
  }

  @Test
  void runs_that_two_sweeps_share_are_one_point_each() {
    Plan plan = Fabricated.plan(TWO_SWEEPS);
    Map<String, StoredRun> runs = Fabricated.runs(plan, (c, s) -> time(c));
    FitReport law = Analysis.of(plan, runs).fits().get("law");
    assertThat(runs).hasSize((9 + 3) * 3);
    assertThat(law.result().points()).isEqualTo(36);
    assertThat(law.count(State.REACHED)).isEqualTo(36);
  }

  @Test
  void expectations_are_judged_and_a_missed_one_fails_the_analysis() {
    Plan plan = Fabricated.plan(TWO_SWEEPS);
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> time(c)));
    assertThat(analysis.fits().get("law").expectations())
        .extracting(Met::name, Met::holds)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("alpha", false),
            org.assertj.core.groups.Tuple.tuple("beta", true),
            org.assertj.core.groups.Tuple.tuple("r2", true));
    assertThat(analysis.holds()).isFalse();
  }

  @Test
  void better_than_its_band_is_a_miss_and_named_so() {
    String band =
        Edited.text(TWO_SWEEPS, "r2: {at_least: 0.99}", "r2: {at_least: 0.5, at_most: 0.9}");
    Plan plan = Fabricated.plan(band);
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> time(c)));
    assertThat(analysis.fits().get("law").expectations())
        .extracting(Met::miss)
        .containsExactly(
            Optional.of(Met.Miss.BELOW), Optional.empty(), Optional.of(Met.Miss.ABOVE));
    assertThat(analysis.holds()).isFalse();
  }

  @Test
  void unreached_diverged_failed_and_missing_runs_are_counted() {
    String excluded = Edited.text(TWO_SWEEPS, "points", "unreached: exclude\n    points");
    Plan plan = Fabricated.plan(excluded);
    Map<String, StoredRun> runs = new HashMap<>(Fabricated.runs(plan, (c, s) -> time(c)));
    var some = plan.runs().stream().map(r -> r.run()).limit(5).toList();
    runs.put(
        some.get(0).id(),
        Fabricated.stored(some.get(0), Double.POSITIVE_INFINITY, Outcome.State.COMPLETE));
    runs.put(some.get(1).id(), Fabricated.stored(some.get(1), 1e9, Outcome.State.DIVERGED));
    runs.put(some.get(2).id(), Fabricated.stored(some.get(2), 1e9, Outcome.State.FAILED));
    runs.remove(some.get(3).id());
    runs.remove(some.get(4).id());
    FitReport law = Analysis.of(plan, runs).fits().get("law");
    assertThat(law.result().points()).isEqualTo(31);
    assertThat(law.result().unreached()).isEqualTo(1);
    assertThat(law.counts())
        .containsOnly(
            Map.entry(State.REACHED, 31),
            Map.entry(State.UNREACHED, 1),
            Map.entry(State.DIVERGED, 1),
            Map.entry(State.FAILED, 1),
            Map.entry(State.MISSING, 2));
    assertThat(law.notes()).anyMatch(n -> n.startsWith("1 of 32 runs are unreached and LEFT OUT"));
  }

  @Test
  void a_run_that_diverged_after_its_crossing_is_a_point_and_said() {
    Plan plan = Fabricated.plan(TWO_SWEEPS);
    Map<String, StoredRun> runs = new HashMap<>(Fabricated.runs(plan, (c, s) -> time(c)));
    var one = plan.runs().get(0).run();
    runs.put(one.id(), Fabricated.stored(one, time(one.config()), Outcome.State.DIVERGED));
    FitReport law = Analysis.of(plan, runs).fits().get("law");
    FitReport whole = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> time(c))).fits().get("law");
    assertThat(law.result()).isEqualTo(whole.result());
    assertThat(law.notes())
        .contains("1 of 36 runs diverged or failed after the crossing; the crossing counts");
  }

  @Test
  void coarse_evaluations_are_said_and_brackets_and_interpolation_can_be_asked_for() {
    FitReport evaluation = at(Fabricated.plan(TWO_SWEEPS), 31);
    assertThat(evaluation.notes())
        .anyMatch(
            n ->
                n.startsWith("evaluations are coarse: in 36 of 36 runs")
                    && n.contains("known to 10 to 25 % of its time"));
    FitReport interval =
        at(Fabricated.plan(Edited.text(TWO_SWEEPS, "points", "method: interval\n    points")), 31);
    FitReport interpolated =
        at(
            Fabricated.plan(Edited.text(TWO_SWEEPS, "points", "times: interpolated\n    points")),
            31);
    // Every run crosses between 30 and 40, from 0.5 to 0.01: interpolated at 34.1.
    assertThat(constant(evaluation)).isCloseTo(40, within(0.01));
    assertThat(constant(interpolated)).isCloseTo(34.11, within(0.01));
    assertThat(interval.result()).isInstanceOf(FitResult.Refused.class);
    assertThat(interval.notes()).isEmpty();
  }

  private static FitReport at(Plan plan, double crossing) {
    return Analysis.of(plan, Fabricated.runs(plan, (c, s) -> crossing)).fits().get("law");
  }

  private static double constant(FitReport law) {
    return ((FitResult.Fitted) law.result()).parameter("C").value();
  }

  @Test
  void unreached_runs_enter_as_censored_unless_the_file_leaves_them_out() {
    Plan plan = Fabricated.plan(TWO_SWEEPS);
    FitReport law =
        Analysis.of(plan, Fabricated.runs(plan, (c, s) -> time(c) > 2500 ? 1e9 : time(c)))
            .fits()
            .get("law");
    assertThat(law.result().unreached()).isPositive();
    assertThat(law.result().points()).isEqualTo(36);
  }

  @Test
  void where_keeps_only_what_it_names() {
    Plan plan =
        Fabricated.plan(
            Edited.text(
                TWO_SWEEPS, "formula:", "where: {B: 1, seed: 2}\n    formula:", "(T/B)", "T"));
    FitReport law = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> time(c))).fits().get("law");
    assertThat(law.result().points()).isEqualTo(9);
  }

  @Test
  void a_design_that_cannot_tell_parameters_apart_is_refused_and_its_expectations_fail() {
    Plan plan =
        Fabricated.plan(
"""
sweeps: {main: {grid: {task.dim: [16, 32, 64], task.sequence_length: [64, 128]}}}
fits: {law: {data: main, formula: "T_plateau = C * d^alpha * T^beta", expect: {alpha: {at_least: 0}}}}
""");
    // The file is sound, but at T = 128 nothing emerges.
    Analysis analysis =
        Analysis.of(
            plan, Fabricated.runs(plan, (c, s) -> Fabricated.length(c) == 128 ? 1e9 : time(c)));
    FitReport law = analysis.fits().get("law");
    assertThat(((FitResult.Refused) law.result()).reason())
        .startsWith("'beta' cannot be told from 'C'");
    assertThat(law.holds()).isFalse();
    assertThat(law.law()).isEmpty();
  }

  @Test
  void a_law_that_is_not_linear_in_logarithms_is_fitted_when_asked_so() {
    Plan plan =
        Fabricated.plan(
"""
sweeps: {main: {grid: {task.dim: [4, 16, 64, 256], task.sequence_length: [64, 128]}}}
fits:
  law: {data: main, method: nonlinear, formula: "T_plateau = a + C * d^alpha"}
""");
    Analysis analysis =
        Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 300 + 2 * Fabricated.d(c)));
    FitResult.Fitted fitted = (FitResult.Fitted) analysis.fits().get("law").result();
    assertThat(fitted.parameter("alpha").value()).isCloseTo(1.0, within(0.06));
    assertThat(fitted.parameter("a").value()).isCloseTo(300, within(20.0));
    Law law = analysis.fits().get("law").law().orElseThrow();
    var condition = plan.assignments().get(0).condition();
    assertThat(law.at(condition, Map.of("task.dim", 40.0))).isCloseTo(380, within(8.0));
    assertThat(law.at(condition, Map.of())).isCloseTo(308, within(6.0));
  }

  /** 2 sqrt(d) T/B. */
  static double time(dev.emergence.spec.RunConfig config) {
    return 2
        * Math.sqrt(Fabricated.d(config))
        * Fabricated.length(config)
        / config.repetition().inContext();
  }

  /** By more seeds, not as far, and by one more threshold: the fifteen runs of five conditions. */
  @Test
  void a_run_is_one_point_however_sweeps_overlap() {
    String sweeps =
        """
        seeds: {count: 3}
        sweeps:
          a: {grid: {task.dim: [16, 32]}}
          more: {grid: {task.dim: [32, 64]}, seeds: {count: 5}}
          shorter: {grid: {task.dim: [16, 32]}, set: {training.max_steps: 4000}}
          seen: {grid: {task.dim: [16, 32]}, set: {measurement.thresholds.hard: {metric: test.loss, below: 0.02}}}
        fits:
          law: {data: [a, more, shorter, seen], formula: "T_plateau = C * d^alpha", points: POINTS}
        """;
    for (String points : List.of("per_seed", "mean")) {
      Plan plan = Fabricated.plan(Edited.text(sweeps, "POINTS", points));
      Map<String, StoredRun> runs = Fabricated.runs(plan, (c, s) -> time(c) + 10 * s);
      FitReport law = Analysis.of(plan, runs).fits().get("law");
      assertThat(runs).hasSize(3 + 5 + 5);
      assertThat(law.count(State.REACHED)).isEqualTo(13);
      assertThat(law.result().points()).isEqualTo(points.equals("mean") ? 3 : 13);
    }
  }

  /** The other view of these runs is stopped before what the law is about. */
  @Test
  void of_two_views_of_a_run_the_law_takes_the_one_that_goes_further_whatever_the_order() {
    String sweeps =
        """
        sweeps:
          whole: {grid: {task.dim: [16, 32]}}
          stopped: {grid: {task.dim: [16, 32]}, set: {measurement.stop: {when: easy}}}
        fits:
          law: {data: DATA, formula: "T_plateau = C * d^alpha"}
        """;
    String easy = "thresholds:\n    easy: {metric: test.loss, below: 0.6, hold: 3}";
    for (String data : List.of("[whole, stopped]", "[stopped, whole]")) {
      String yaml = Fabricated.BASE + sweeps.replace("DATA", data);
      Plan plan = Fabricated.planOf(Edited.text(yaml, "thresholds:", easy));
      Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> time(c)));
      assertThat(analysis.cells("stopped").get(0).count("plateau", State.STOPPED)).isEqualTo(3);
      assertThat(analysis.fits().get("law").counts())
          .as(data)
          .containsOnly(Map.entry(State.REACHED, 6));
    }
  }

  @Test
  void conditions_that_differ_in_their_stop_alone_are_several() {
    Plan plan =
        Fabricated.plan(
            """
            sweeps:
              ends:
                set: {measurement.stop.when: plateau}
                grid: {measurement.stop.extra: [10%, 50%]}
            claims:
              longer: {kind: ratio, data: ends, of: test.loss, baseline: {measurement.stop.extra: 0.1}, at_least: 1}
            """);
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> time(c)));
    assertThat(analysis.cells(List.of("ends"), Map.of())).hasSize(2);
    assertThat(analysis.claims().get("longer").verdict()).isEqualTo(Verdict.HOLDS);
  }

  @Test
  void conditions_that_sweeps_share_are_put_together_with_their_seeds() {
    Plan plan =
        Fabricated.plan(
            """
            seeds: {count: 3}
            sweeps:
              a: {grid: {task.dim: [16, 32]}}
              more: {grid: {task.dim: [32, 64]}, seeds: {count: 5}}
            """);
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> time(c)));
    assertThat(analysis.cells(List.of("a", "more"), Map.of()))
        .extracting(cell -> cell.seeds().size())
        .containsExactly(3, 5, 5);
  }
}
