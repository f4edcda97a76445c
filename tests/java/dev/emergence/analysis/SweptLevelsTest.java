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
import org.junit.jupiter.api.Test;

/** Levels of thresholds that a sweep varies are values like others. */
class SweptLevelsTest {
  /** Runs whose loss is 10 over the step, so that a level is passed at 10 over the level. */
  private static Analysis analysis(String more) {
    Plan plan = Fabricated.plan(more);
    Map<String, StoredRun> runs = new HashMap<>();
    for (PlannedRun run : plan.runs()) {
      double[] steps = new double[501];
      double[][] values = new double[steps.length][];
      for (int row = 0; row < steps.length; row++) {
        steps[row] = 10 * row;
        values[row] = new double[] {row == 0 ? 10 : 10 / (steps[row] + 1e-6)};
      }
      Curve curve = new Curve(List.of("test.loss"), steps, values);
      Outcome outcome = new Outcome(Outcome.State.COMPLETE, 5000, "", 1, 1);
      runs.put(run.id(), new StoredRun(run.run(), outcome, curve));
    }
    return Analysis.of(plan, runs);
  }

  private static final String SWEEP =
      """
      sweeps: {levels: {grid: {measurement.thresholds.plateau.below: [0.01, 0.02, 0.05]}}}
      """;

  private static void assertInverse(Analysis analysis) {
    FitResult.Fitted law = (FitResult.Fitted) analysis.fits().get("law").result();
    assertThat(law.parameters().get("a").value()).isCloseTo(-1, within(0.02));
    assertThat(law.points()).isEqualTo(9);
  }

  @Test
  void a_law_may_name_the_path() {
    assertInverse(
        analysis(
            SWEEP
                + """
                fits:
                  law:
                    data: levels
                    formula: "T_plateau = C * measurement.thresholds.plateau.below^a"
                """));
  }

  @Test
  void a_file_may_give_it_a_symbol() {
    Analysis analysis =
        analysis(
            """
            symbols: {level: measurement.thresholds.plateau.below}
            sweeps: {levels: {grid: {level: [0.01, 0.02, 0.05]}}}
            fits: {law: {data: levels, formula: "T_plateau = C * level^a"}}
            claims: {lower: {data: levels, of: plateau.steps, baseline: {level: 0.01}, at_least: 1.9, ratio: best}}
            plots:
              levels: {kind: scaling, data: levels, x: level, y: plateau.steps, line: law}
              curves: {kind: learning_curves, data: levels, y: test.loss, color: level, where: {level: 0.02}}
            """);
    assertInverse(analysis);
    assertThat(analysis.claims().get("lower").judged()).isEqualTo(Bounds.exactly(5));
  }

  @Test
  void the_level_of_a_family_is_that_of_its_members() {
    Plan plan =
        Fabricated.planOf(
            """
            dsl: 1
            name: rows
            task: {kind: linear_map, cells: 4, parents: 2}
            measurement: {thresholds: {rows: {metric: test.loss.row.*, below: 0.1}}}
            sweeps: {levels: {grid: {measurement.thresholds.rows.below: [0.1, 0.2]}}}
            plots: {times: {kind: scaling, data: levels, x: measurement.thresholds.rows.below, y: rows.first.steps}}
            """);
    Analysis analysis = Analysis.of(plan, Map.of());
    assertThat(analysis.cells("levels"))
        .extracting(
            cell ->
                analysis
                    .symbols()
                    .value("measurement.thresholds.rows.below", cell.condition().config())
                    .orElse("none"))
        .containsExactly(0.1, 0.2);
  }
}
