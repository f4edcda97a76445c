package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Claims about rows that are learned one after the other. */
class LadderClaimsTest {

  /** A map of six rows whose losses fall to 0 over some steps, beginning at a step each. */
  private static ClaimReport ladder(int rows, double fall, IntToDoubleFunction begins) {
    return ladder("below: 0.35", rows, fall, begins);
  }

  private static ClaimReport ladder(
      String level, int rows, double fall, IntToDoubleFunction begins) {
    return ladder(level, run -> climbing(run, rows, fall, begins));
  }

  private static ClaimReport ladder(String level, Function<PlannedRun, StoredRun> stored) {
    Plan plan =
        Fabricated.planOf(
            """
                dsl: 1
                name: ladder
                seeds: {count: 2}
                sweeps: {one: {}}
                task: {kind: linear_map, cells: 6, parents: 2}
                measurement:
                  evaluate_every: 10
                  thresholds: {rows: {metric: test.loss.row.*, %s}}
                claims: {steps: {kind: ladder, data: one, threshold: rows, on_rungs: 0.8, alone: 0.9}}
                """
                .formatted(level));
    Map<String, StoredRun> runs = new HashMap<>();
    for (PlannedRun run : plan.runs()) {
      runs.put(run.id(), stored.apply(run));
    }
    return Analysis.of(plan, runs).claims().get("steps");
  }

  private static StoredRun climbing(
      PlannedRun planned, int rows, double fall, IntToDoubleFunction begins) {
    int evaluations = 501;
    List<String> columns = new ArrayList<>(List.of("test.loss"));
    double[] steps = new double[evaluations];
    double[][] values = new double[evaluations][];
    for (int at = 0; at < evaluations; at++) {
      steps[at] = at * Fabricated.EVERY;
      values[at] = new double[7];
      double sum = 5 * Math.log(2); // the first state but its first token, never known
      for (int row = 0; row < 6; row++) {
        double done = row < rows ? (steps[at] - begins.applyAsDouble(row)) / fall : 0;
        values[at][1 + row] = Math.log(2) * (1 - Math.max(0, Math.min(1, done)));
        sum += values[at][1 + row];
      }
      values[at][0] = sum / 11;
    }
    for (int row = 0; row < 6; row++) {
      columns.add("test.loss.row." + row);
    }
    long last = planned.run().config().training().maxSteps();
    Outcome outcome = new Outcome(Outcome.State.COMPLETE, last, "", 1, 2.5);
    return new StoredRun(planned.run(), outcome, new Curve(columns, steps, values));
  }

  @Test
  void rows_that_fall_one_after_the_other_stand_on_the_ladder() {
    ClaimReport claim = ladder(6, 40, row -> 500 + 300 * row);
    assertThat(claim.verdict()).as(claim.reason()).isEqualTo(Verdict.HOLDS);
    assertThat(claim.numbers()).containsEntry("alone", 1.0);
    assertThat(claim.reason())
        .startsWith("12 of 12 rows emerge in 2 runs")
        .contains("; between the first and the last, test.loss is within");
    // The last row never comes: from the first one on, everything counts.
    ClaimReport five = ladder(5, 40, row -> 500 + 300 * row);
    assertThat(five.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(five.reason())
        .startsWith("10 of 12 rows emerge in 2 runs")
        .contains("; from the first to the last, or to the end of a run in which some do not");
  }

  @Test
  void a_level_may_be_a_share_of_each_rows_first_loss() {
    // As an absolute loss, 0.9 is above that of guessing: all rows would be known from the start.
    String share = "below: 0.9, relative_to: initial";
    ClaimReport claim = ladder(share, 6, 40, row -> 500 + 300 * row);
    assertThat(claim.verdict()).as(claim.reason()).isEqualTo(Verdict.HOLDS);
  }

  @Test
  void a_run_that_failed_before_two_rows_came_is_counted() {
    ClaimReport claim =
        ladder(
            "below: 0.35",
            run -> {
              StoredRun whole = climbing(run, 6, 40, row -> 500 + 300 * row);
              Outcome failed = new Outcome(Outcome.State.FAILED, 300, "a crash", 2, 2.5);
              return run.run().seed() == 0
                  ? new StoredRun(run.run(), failed, whole.curve().until(300))
                  : whole;
            });
    assertThat(claim.reason())
        .startsWith("6 of 6 rows emerge in 1 run,")
        .contains("; 1 run with fewer than two left out (1 of them failed); claimed");
  }

  @Test
  void rows_that_fall_together_do_not() {
    ClaimReport slow = ladder(6, 2000, row -> 500 + 30 * row);
    assertThat(slow.verdict()).as("slowly and side by side").isEqualTo(Verdict.FAILS);
    assertThat((double) slow.numbers().get("on_rungs")).isLessThan(0.8);
    ClaimReport atOnce = ladder(6, 40, row -> 500);
    assertThat(atOnce.verdict()).isEqualTo(Verdict.FAILS);
    assertThat((double) atOnce.numbers().get("alone")).isLessThan(0.2);
    ClaimReport one = ladder(1, 40, row -> 500);
    assertThat(one.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(one.reason()).isEqualTo("in no run two rows emerge, of 2");
  }
}
