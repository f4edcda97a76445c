package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.fit.FitResult;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Columns of one family side by side, as an axis that needs no run of its own. */
class MembersOfFamiliesTest {
  private static final int ROWS = 4;
  private static final double ALPHA = 0.5;

  private static final Plan PLAN =
      Fabricated.planOf(
          """
          dsl: 1
          name: skills
          task: {kind: linear_map, cells: 4, parents: 2, row_zipf: 1}
          training: {max_steps: 6000}
          measurement:
            evaluate_every: 5
            thresholds:
              rows: {metric: test.loss.row.*, below: 0.35}
              skill: {metric: test.loss.row.*, below: 0.35, member: 0}
            stop: {when: rows.all}
          symbols: {row: measurement.thresholds.skill.member}
          seeds: {count: 3}
          sweeps:
            frequencies: {grid: {task.row_zipf: [0, 1, 2]}}
            by_row: {grid: {task.row_zipf: [0, 1, 2], row: [0, 1, 2, 3]}}
          fits:
            law: {data: by_row, formula: "T_skill = C * (row + 1)^(alpha * row_zipf)"}
            one_row: {data: by_row, where: {row: 3}, formula: "T_skill = C * 4^(alpha * row_zipf)"}
            same_row: {data: frequencies, formula: "T_rows.3 = C * 4^(alpha * row_zipf)"}
          claims:
            rare_is_later: {data: by_row, where: {row: 0, row_zipf: 2}, of: skill.steps, baseline: {row: 3}, at_least: 2}
          """);

  /** When a row falls: by its frequency, sooner or later as the seed has it. */
  private static double time(double zipf, int row, int seed) {
    double luck = new SplittableRandom(1000 * seed + 10 * row + Math.round(zipf)).nextGaussian();
    return 200 * Math.pow(row + 1, ALPHA * zipf) * Math.exp(0.1 * luck);
  }

  private static Analysis analysis() {
    Map<String, StoredRun> runs = new HashMap<>();
    for (PlannedRun run : PLAN.runs()) {
      double zipf = Fabricated.number(run.run().config(), "task.row_zipf");
      double[] steps = new double[1201];
      double[][] values = new double[steps.length][ROWS];
      for (int i = 0; i < steps.length; i++) {
        steps[i] = 5 * i;
        for (int row = 0; row < ROWS; row++) {
          values[i][row] = steps[i] >= time(zipf, row, run.run().seed()) ? 0.1 : 0.7;
        }
      }
      List<String> columns =
          List.of("test.loss.row.0", "test.loss.row.1", "test.loss.row.2", "test.loss.row.3");
      Outcome outcome = new Outcome(Outcome.State.COMPLETE, 6000, "", 1, 1);
      runs.put(run.id(), new StoredRun(run.run(), outcome, new Curve(columns, steps, values)));
    }
    return Analysis.of(PLAN, runs);
  }

  @Test
  void all_rows_of_a_run_are_looked_at_in_the_run_itself() {
    assertThat(PLAN.runs()).hasSize(9);
    assertThat(PLAN.assignments()).hasSize(9 + 36);
  }

  @Test
  void one_law_is_fitted_to_all_rows() {
    FitResult.Fitted law = (FitResult.Fitted) analysis().fits().get("law").result();
    assertThat(law.points()).isEqualTo(36);
    assertThat(law.parameters().get("alpha").value()).isCloseTo(ALPHA, within(0.08));
    assertThat(law.parameters().get("C").value()).isCloseTo(200, within(20.0));
  }

  @Test
  void the_law_of_one_row_is_that_of_its_own_threshold() {
    Map<String, FitReport> fits = analysis().fits();
    FitResult.Fitted one = (FitResult.Fitted) fits.get("one_row").result();
    FitResult.Fitted same = (FitResult.Fitted) fits.get("same_row").result();
    assertThat(one.parameters()).isEqualTo(same.parameters());
    assertThat(one.points()).isEqualTo(same.points()).isEqualTo(9);
  }

  @Test
  void a_claim_compares_rows_of_the_same_runs() {
    ClaimReport claim = analysis().claims().get("rare_is_later");
    assertThat(claim.verdict()).isEqualTo(Verdict.HOLDS);
  }
}
