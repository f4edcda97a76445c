package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WithinRunJudgeTest {
  private static final double NEVER = Double.POSITIVE_INFINITY;

  /** The claim about runs with a time of attending and a time of solving each. */
  private static ClaimReport claim(String bounds, double[]... times) {
    return claim(plan("of: attends.steps, baseline: solved.steps", bounds, times.length), times);
  }

  private static ClaimReport claim(Plan plan, double[]... times) {
    Map<String, StoredRun> runs = new HashMap<>();
    for (PlannedRun run : plan.runs()) {
      double[] at = times[run.run().seed()];
      if (at.length > 0) {
        runs.put(run.id(), run(run, at[0], at[1], Outcome.State.COMPLETE));
      }
    }
    return Analysis.of(plan, runs).claims().get("pair");
  }

  private static Plan plan(String columns, String bounds, int seeds) {
    return plan(columns, bounds, seeds, "all: {}");
  }

  private static Plan plan(String columns, String bounds, int seeds, String sweep) {
    return Fabricated.planOf(
        """
        dsl: 1
        name: pairs
        task: {kind: linear_regression, dim: 16, sequence_length: 64}
        training: {max_steps: 1000}
        measurement:
          evaluate_every: 10
          attention: {record: [relevant]}
          thresholds:
            attends: {metric: attention.relevant, above: 0.5}
            solved: {metric: test.loss, below: 0.1}
        seeds: {count: %d}
        sweeps: {%s}
        claims: {pair: {kind: within_run, data: all, %s, %s}}
        """
            .formatted(seeds, sweep, columns, bounds));
  }

  private static StoredRun run(
      PlannedRun planned, double attends, double solved, Outcome.State state) {
    double[] steps = new double[101];
    double[][] values = new double[steps.length][];
    for (int row = 0; row < steps.length; row++) {
      steps[row] = 10 * row;
      values[row] =
          new double[] {steps[row] >= solved ? 0.01 : 0.5, steps[row] >= attends ? 0.9 : 0.02};
    }
    Curve curve = new Curve(List.of("test.loss", "attention.relevant"), steps, values);
    return new StoredRun(planned.run(), new Outcome(state, 1000, "", 1, 1), curve);
  }

  private static double[] times(double attends, double solved) {
    return new double[] {attends, solved};
  }

  @Test
  void each_run_has_a_ratio_of_its_own() {
    ClaimReport claim =
        claim("at_least: 0.5, at_most: 1", times(100, 200), times(400, 400), times(300, 400));
    assertThat(claim.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(claim.judged()).isEqualTo(new Bounds(0.5, 1));
    assertThat(claim.reason())
        .isEqualTo(
            "attends.steps over solved.steps is 0.5 to 1 (median 0.75) in 3 runs, within the bounds"
                + " in 3; claimed of all is at least 0.5 and at most 1");
    assertThat(claim.numbers())
        .containsEntry("smallest", 0.5)
        .containsEntry("median", 0.75)
        .containsEntry("largest", 1.0);
  }

  @Test
  void one_run_outside_fails_a_claim_about_all_and_not_one_about_most() {
    double[][] times = {times(100, 200), times(400, 400), times(500, 400)};
    ClaimReport all = claim("at_most: 1", times);
    assertThat(all.verdict()).isEqualTo(Verdict.FAILS);
    assertThat(all.reason()).contains("within the bounds in 2; claimed of all is at most 1");
    ClaimReport most = claim("at_most: 1, runs: 60%", times);
    assertThat(most.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(most.reason()).endsWith("claimed of at least 60% is at most 1");
  }

  /** One tenth, which is not 1 - 0.9 in doubles. */
  @Test
  void the_smallest_share_itself_is_enough() {
    double[][] times = new double[10][];
    Arrays.fill(times, times(500, 400));
    times[3] = times(400, 400);
    assertThat(claim("at_most: 1, runs: 10%", times).verdict()).isEqualTo(Verdict.HOLDS);
    times[3] = times(NEVER, 400);
    assertThat(claim("at_least: 2.6, runs: 10%", times).verdict()).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void a_baseline_of_0_is_the_reason_for_an_unknown_ratio() {
    ClaimReport claim = claim("at_most: 1", times(100, 0));
    assertThat(claim.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(claim.reason())
        .endsWith("; in 1 run solved.steps is 0, so that nothing can be divided by it");
  }

  @Test
  void a_time_that_was_not_reached_counts_as_later_than_the_end() {
    // 200 over more than 1,000: below 0.2. More than 1,000 over 200: above 5.
    ClaimReport below = claim("at_most: 0.2", times(200, NEVER));
    assertThat(below.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(below.reason())
        .contains("is not known exactly in 1 run, within the bounds in 1; claimed");
    assertThat(claim("at_most: 0.1", times(200, NEVER)).verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(claim("at_most: 4", times(NEVER, 200)).verdict()).isEqualTo(Verdict.FAILS);
    ClaimReport open = claim("at_least: 6", times(NEVER, 200), times(700, 100));
    assertThat(open.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(open.reason())
        .startsWith(
            "attends.steps over solved.steps is 7 in 1 of 2 runs, within the bounds in 1 and"
                + " perhaps in 1 more;");
    assertThat(open.judged()).isEqualTo(new Bounds(5, Double.POSITIVE_INFINITY));
  }

  @Test
  void runs_that_reached_neither_are_left_out_and_counted() {
    ClaimReport claim = claim("at_most: 1", times(100, 100), times(NEVER, NEVER));
    assertThat(claim.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(claim.reason()).endsWith("; 1 run that reached neither left out");
    ClaimReport none = claim("at_most: 1", times(NEVER, NEVER));
    assertThat(none.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(none.reason()).contains("is unknown; claimed of all is at most 1;");
  }

  /** Two conditions that stop at different steps, and the runs that they share. */
  private static ClaimReport stopped(String columns, double[]... times) {
    String stops =
        "all: {variants: {early: {measurement.stop: {when: solved, extra: 10%}},"
            + " late: {measurement.stop: {when: solved, extra: 50%}}}}";
    return claim(plan(columns, "at_most: 1", times.length, stops), times);
  }

  @Test
  void a_run_that_conditions_with_other_stops_share_counts_once() {
    String times = "of: attends.steps, baseline: solved.steps";
    ClaimReport claim = stopped(times, times(100, 200), times(300, 400));
    assertThat(claim.reason()).contains(" in 2 runs, within the bounds in 2;");
    assertThat(claim.numbers()).containsEntry("runs", 2);
    ClaimReport lacking = stopped(times, times(100, 200), new double[] {});
    assertThat(lacking.missing()).isEqualTo(1);
    assertThat(lacking.reason()).endsWith("; 1 run is missing");
  }

  @Test
  void a_run_of_which_conditions_see_other_numbers_counts_for_each() {
    // At the end of the first, 220, the head does not attend yet; at that of the second it does.
    String times = "of: attends.steps, baseline: solved.steps";
    assertThat(stopped(times, times(250, 200)).numbers()).containsEntry("runs", 2);
  }

  @Test
  void missing_runs_leave_it_open() {
    ClaimReport claim = claim("at_most: 1", times(500, 100), new double[] {});
    assertThat(claim.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(claim.missing()).isEqualTo(1);
    assertThat(claim.reason()).endsWith("; 1 run is missing");
  }

  @Test
  void a_run_that_failed_before_it_had_both_numbers_is_neither_within_nor_outside() {
    Plan plan = plan("of: attends.steps, baseline: solved.steps", "at_most: 1", 1);
    PlannedRun planned = plan.runs().get(0);
    StoredRun failed = run(planned, 100, NEVER, Outcome.State.FAILED);
    ClaimReport claim = Analysis.of(plan, Map.of(planned.id(), failed)).claims().get("pair");
    assertThat(claim.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(claim.reason()).endsWith("; 1 of 1 runs have no solved.steps (1 of them failed)");
    assertThat(claim.judged().words()).isEqualTo("unknown");
  }

  @Test
  void last_values_of_metrics_compare_too() {
    Plan plan = plan("of: attention.relevant, baseline: test.loss", "at_least: 80", 1);
    PlannedRun planned = plan.runs().get(0);
    StoredRun run = run(planned, 100, 100, Outcome.State.COMPLETE);
    ClaimReport claim = Analysis.of(plan, Map.of(planned.id(), run)).claims().get("pair");
    assertThat(claim.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(claim.reason()).startsWith("attention.relevant over test.loss is 90 in 1 run,");
  }
}
