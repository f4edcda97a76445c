package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Claims about the seeds of one condition: spread, early warning, range. */
class SeedClaimsTest {
  private static ClaimReport spread(double init, double data, String band) {
    Plan plan =
        Fabricated.plan(
            """
            sweeps:
              init: {seeds: {count: 6, vary: [init]}}
              data: {seeds: {count: 6, vary: [data]}}
            claims: {more: {kind: spread, data: init, of: plateau.steps, baseline: data, %s}}
            """
                .formatted(band));
    Map<String, StoredRun> runs =
        Fabricated.runs(
            plan,
            (config, seed) -> {
              boolean initVaries = config.streams().data().isPresent();
              return 1000 * Math.exp(seed * (initVaries ? init : data));
            });
    return Analysis.of(plan, runs).claims().get("more");
  }

  @Test
  void the_source_that_spreads_times_more_is_found() {
    ClaimReport claim = spread(0.2, 0.1, "at_least: 2");
    assertThat(claim.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(claim.judged().lower()).isBetween(3.7, 4.3);
    assertThat(claim.reason()).contains("in init (6 runs)").contains("in data (6 runs)");
    assertThat(spread(0.2, 0.1, "at_least: 5").verdict()).isEqualTo(Verdict.FAILS);
    ClaimReport above = spread(0.2, 0.1, "at_least: 1, at_most: 2");
    assertThat(above.verdict()).isEqualTo(Verdict.FAILS);
    assertThat(above.reason()).endsWith(": above its band");
  }

  @Test
  void a_spread_that_one_run_makes_alone_is_judged_without_an_interval() {
    Plan plan =
        Fabricated.plan(
            """
            seeds: {count: 6}
            sweeps: {a: {grid: {task.dim: [16]}}, b: {grid: {task.dim: [32]}}}
            claims: {apart: {kind: spread, data: a, of: plateau.steps, baseline: b, at_least: 0.1}}
            """);
    Map<String, StoredRun> runs =
        Fabricated.runs(
            plan, (c, seed) -> Fabricated.d(c) == 16 && seed < 5 ? 350 : 400 + 10 * seed);
    ClaimReport claim = Analysis.of(plan, runs).claims().get("apart");
    assertThat(claim.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(claim.reason()).contains(", without an interval, because leaving out single runs");
    assertThat(claim.numbers()).doesNotContainKeys("lower", "upper");
  }

  @Test
  void a_spread_of_the_same_runs_under_two_names_is_undecided() {
    Plan plan =
        Fabricated.plan(
            """
            seeds: {count: 6}
            sweeps: {a: {grid: {task.dim: [16]}}, b: {set: {task.dim: 16}}}
            claims: {apart: {kind: spread, data: a, of: plateau.steps, baseline: b, at_least: 0.1}}
            """);
    Map<String, StoredRun> runs = Fabricated.runs(plan, (c, seed) -> 300 + 50 * seed);
    ClaimReport claim = Analysis.of(plan, runs).claims().get("apart");
    assertThat(claim.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(claim.reason()).isEqualTo("a and b are the same runs under two names");
  }

  @Test
  void unreached_runs_leave_a_variance_open() {
    ClaimReport claim = spread(0.5, 0.1, "at_least: 1");
    assertThat(claim.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(claim.reason()).startsWith("2 of 12 runs have no value of plateau.steps");
  }

  /** Each kind of claim, of which one run failed before it had a value. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind: spread, of: plateau.steps, baseline: b, at_least: 0.1"
            + " | 1 of 12 runs have no value of plateau.steps (1 of them failed), and a variance",
        "kind: seed_range, of: plateau.steps, at_least: 2"
            + " | ; 1 of 6 runs have no plateau.steps (1 of them failed)",
        "kind: ratio, of: plateau.steps, baseline: {d: 16}, ratio: best, at_least: 0.1"
            + " | ; 1 of 12 runs have no plateau.steps (1 of them failed)",
        "kind: early_warning, threshold: plateau, metric: test.loss, until: 100, resamples: 100"
            + " | ; 1 that did not emerge (1 of them failed) left out"
      })
  void failed_runs_are_counted(String claim, String count) {
    String data = claim.startsWith("kind: ratio") ? "both" : "a";
    Plan plan =
        Fabricated.plan(
            """
            seeds: {count: 6}
            sweeps:
              a: {grid: {task.dim: [16]}}
              b: {grid: {task.dim: [32]}}
              both: {grid: {task.dim: [16, 32]}}
            claims: {one: {data: %s, %s}}
            """
                .formatted(data, claim));
    Map<String, StoredRun> runs = Fabricated.runs(plan, (c, seed) -> 300 + 10 * seed);
    PlannedRun first =
        plan.runs().stream()
            .filter(r -> r.run().seed() == 2 && Fabricated.d(r.run().config()) == 16)
            .findFirst()
            .orElseThrow();
    runs.put(first.id(), Fabricated.stored(first.run(), 1e9, Outcome.State.FAILED));
    assertThat(Analysis.of(plan, runs).claims().get("one").reason()).contains(count);
  }

  /** Stands for a curve without the metric. */
  private static final double NO_COLUMN = -1;

  private static ClaimReport warning(boolean tells, int missing) {
    return warning(
        missing,
        seed -> seed == 0 ? 50 : 1000 * Math.exp(seed / 10.0),
        seed -> tells ? 0.5 - seed / 100.0 : (seed * 7 % 12) / 100.0);
  }

  private static ClaimReport warning(IntToDoubleFunction time, IntToDoubleFunction early) {
    return warning(0, time, early);
  }

  private static ClaimReport warning(
      int missing, IntToDoubleFunction time, IntToDoubleFunction early) {
    Plan plan =
        Fabricated.plan(
            """
            seeds: {count: 12}
            sweeps: {one: {}}
            claims: {early: {kind: early_warning, data: one, threshold: plateau, metric: attention.relevant, until: 100, resamples: 500}}
            """);
    Map<String, StoredRun> runs = new HashMap<>();
    for (PlannedRun run : plan.runs()) {
      int seed = run.run().seed();
      if (seed >= missing) {
        runs.put(run.id(), run(run, time.applyAsDouble(seed), early.applyAsDouble(seed)));
      }
    }
    return Analysis.of(plan, runs).claims().get("early");
  }

  /** A curve whose attention is {@code early} until step 100 and tells nothing after. */
  private static StoredRun run(PlannedRun planned, double crossing, double early) {
    int rows = 501;
    double[] steps = new double[rows];
    double[][] values = new double[rows][];
    for (int row = 0; row < rows; row++) {
      steps[row] = row * Fabricated.EVERY;
      values[row] =
          new double[] {steps[row] < crossing ? 0.5 : 0.01, steps[row] > 100 ? 0.9 : early};
    }
    boolean measured = early != NO_COLUMN;
    Curve curve =
        new Curve(
            measured ? List.of("test.loss", "attention.relevant") : List.of("test.loss"),
            steps,
            values);
    Outcome outcome = new Outcome(Outcome.State.COMPLETE, 5000, "", 1, 2.5);
    return new StoredRun(planned.run(), outcome, curve);
  }

  /** A stored curve has no column of a metric that never had a number. */
  @Test
  void runs_without_a_number_of_the_metric_that_warns_are_counted() {
    ClaimReport some =
        warning(seed -> 1000 * Math.exp(seed / 10.0), seed -> seed < 4 ? NO_COLUMN : seed / 100.0);
    assertThat(some.reason())
        .contains(" in 8 runs: ")
        .contains("; 4 without a number of attention.relevant left out; claimed is");
    assertThat(some.numbers()).containsEntry("runs", 8).containsEntry("unmeasured", 4);
    ClaimReport few =
        warning(seed -> 1000 * Math.exp(seed / 10.0), seed -> seed < 9 ? NO_COLUMN : seed / 100.0);
    assertThat(few.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(few.reason()).contains("got 3; 9 without a number of attention.relevant left out");
  }

  @Test
  void a_metric_that_tells_early_is_told_from_one_that_does_not() {
    ClaimReport claim = warning(true, 0);
    assertThat(claim.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(claim.reason())
        .contains("in 11 runs")
        .contains("1 that had emerged by then left out");
    assertThat(warning(false, 0).verdict()).isEqualTo(Verdict.FAILS);
  }

  @Test
  void why_there_is_no_correlation_is_told_by_what_does_not_vary() {
    assertThat(warning(seed -> 1000, seed -> seed / 100.0).reason())
        .isEqualTo("all runs pass plateau at one step, so there is nothing to predict");
    assertThat(warning(seed -> 1000 + 10 * seed, seed -> 0.3).reason())
        .isEqualTo("attention.relevant up to step 100 is the same in all runs");
    assertThat(warning(seed -> 1000 + 10 * seed, seed -> seed == 4 ? 0.3 : 0).reason())
        .isEqualTo("attention.relevant up to step 100 is the same in all runs but one");
    assertThat(warning(seed -> 1000 + 10 * seed, seed -> Double.NaN).reason())
        .isEqualTo("attention.relevant is not known at every evaluation up to step 100");
  }

  @Test
  void missing_runs_leave_it_open_and_are_no_miss() {
    ClaimReport claim = warning(true, 3);
    assertThat(claim.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(claim.reason()).endsWith("; 3 runs are missing");
    assertThat(claim.holds()).isTrue();
  }

  private static ClaimReport range(String which, IntToDoubleFunction time) {
    return range(which, "at_least: 2", time);
  }

  private static ClaimReport range(String which, String band, IntToDoubleFunction time) {
    Plan plan =
        Fabricated.plan(
            """
            seeds: {count: 3}
            sweeps: {two: {grid: {task.dim: [16, 32]}}}
            claims: {apart: {kind: seed_range, data: two, of: plateau.steps, range: %s, %s}}
            """
                .formatted(which, band));
    Map<String, StoredRun> runs =
        Fabricated.runs(
            plan, (c, seed) -> Fabricated.d(c) == 16 ? 1000 + 10 * seed : time.applyAsDouble(seed));
    return Analysis.of(plan, runs).claims().get("apart");
  }

  @Test
  void seeds_that_are_far_apart_are_told_from_others() {
    ClaimReport best = range("best", seed -> 500 + 500 * seed);
    assertThat(best.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(best.judged()).isEqualTo(Bounds.exactly(3));
    assertThat(best.reason())
        .isEqualTo(
            "the largest plateau.steps over the smallest, dim = 16: 1.02; dim = 32: 3; claimed of"
                + " the largest range is at least 2");
    ClaimReport each = range("each", seed -> 500 + 500 * seed);
    assertThat(each.verdict()).isEqualTo(Verdict.FAILS);
    assertThat(range("worst", seed -> 500 + 500 * seed).verdict()).isEqualTo(Verdict.FAILS);
    // What never emerges is later than all: at least 5000 over 500.
    ClaimReport open = range("best", seed -> seed == 2 ? 1e9 : 500);
    assertThat(open.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(open.reason()).contains("dim = 32: at least 10");
    // Whatever the other range is, the smallest is at most 1.02.
    assertThat(range("worst", seed -> 1e9).verdict()).isEqualTo(Verdict.FAILS);
  }

  @Test
  void the_largest_range_is_not_below_a_bound_while_one_may_be_above_it() {
    assertThat(range("best", "at_most: 2", seed -> 1000 + 100 * seed).verdict())
        .isEqualTo(Verdict.HOLDS);
    // Nothing is known of the second range, or no more than that it is at least 1.1.
    ClaimReport unknown = range("best", "at_most: 2", seed -> 1e9);
    assertThat(unknown.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(range("best", "at_most: 20", seed -> seed == 2 ? 1e9 : 4500).verdict())
        .isEqualTo(Verdict.UNDECIDED);
    assertThat(range("best", "at_most: 1.01", seed -> 1e9).verdict()).isEqualTo(Verdict.FAILS);
  }

  private static final String TWO =
      """
      seeds: {count: 6}
      sweeps: {a: {grid: {task.dim: [16]}}, b: {grid: {task.dim: [32]}}}
      claims:
        apart: {kind: spread, data: a, of: plateau.steps, baseline: b, at_least: 1}
        waits: {kind: exponential, data: b, threshold: plateau, expect: exponential}
      """;

  /** As a command that looks at one sweep alone sees them. */
  @Test
  void of_very_many_conditions_a_sentence_names_those_that_decide() {
    Plan plan =
        Fabricated.plan(
            """
            seeds: {count: 2}
            sweeps: {s: {grid: {task.dim: {from: 1, to: 40, step: 1}}}}
            claims: {far: {kind: seed_range, data: s, of: plateau.steps, at_least: 2}}
            """);
    Map<String, StoredRun> runs =
        Fabricated.runs(plan, (c, seed) -> Fabricated.d(c) == 31 ? 500 : 100 * (1 + 3 * seed));
    ClaimReport claim = Analysis.of(plan, runs).claims().get("far");
    assertThat(claim.verdict()).isEqualTo(Verdict.FAILS);
    assertThat(claim.reason())
        .contains("over the smallest, dim = 31: 1; dim = 1: 4; ")
        .contains("; and 28 more; claimed of each is at least 2")
        .doesNotContain("dim = 12:");
    assertThat(claim.numbers()).hasSize(40);
  }

  @Test
  void a_claim_on_runs_that_were_left_out_is_undecided() {
    Plan plan = Fabricated.plan(TWO).only(a -> a.condition().sweep().equals("a"));
    Map<String, StoredRun> runs = Fabricated.runs(plan, (c, seed) -> 100 * (seed + 1));
    assertThat(Analysis.of(plan, runs).claims().values())
        .extracting(ClaimReport::verdict)
        .containsOnly(Verdict.UNDECIDED);
  }

  @Test
  void a_time_of_no_logarithm_is_named_and_not_called_missing() {
    Plan plan = Fabricated.plan(TWO);
    Map<String, StoredRun> runs = Fabricated.runs(plan, (c, seed) -> 100 * seed);
    assertThat(Analysis.of(plan, runs).claims().get("apart").reason())
        .isEqualTo("2 runs had passed plateau.steps at step 0, which has no logarithm");
  }
}
