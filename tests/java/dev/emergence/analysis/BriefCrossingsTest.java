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
import org.junit.jupiter.api.Test;

class BriefCrossingsTest {
  private static final String SIZES =
      """
      sweeps:
        sizes: {grid: {task.dim: [4, 8]}}
        again: {grid: {task.dim: [4, 8]}}
      fits:
        law: {data: sizes, formula: "T_plateau = C * d^alpha"}
      """;

  /** In one run of six a single evaluation passes at 20, in another two do; all stay from 60 on. */
  private static final double[] CLEAN = {1, 1, 1, 1, 1, 1, 0.01, 0.01, 0.01, 0.01};

  private static final double[] ONE = {1, 1, 0.09, 1, 1, 1, 0.01, 0.01, 0.01, 0.01};
  private static final double[] TWO = {1, 1, 1, 1, 0.09, 0.09, 0.11, 0.01, 0.01, 0.01};
  private static final double[] NEVER = {1, 1, 0.09, 1, 1, 1, 1, 0.09, 1, 1};
  private static final double[] SPIKE_LATER = {1, 1, 1, 0.01, 0.01, 0.01, 0.01, 1, 0.01, 0.01};
  private static final double[] ENDS = {1, 1, 1, 1, 1, 1, 1, 1, 1, 0.09};

  private static Analysis analysis(String more, double[]... curves) {
    Plan plan = Fabricated.plan(more);
    Map<String, StoredRun> runs = new HashMap<>();
    for (int i = 0; i < plan.runs().size(); i++) {
      PlannedRun planned = plan.runs().get(i);
      double[] losses = i < curves.length ? curves[i] : CLEAN;
      double[] steps = new double[losses.length];
      double[][] values = new double[losses.length][];
      for (int row = 0; row < losses.length; row++) {
        steps[row] = 10 * row;
        values[row] = new double[] {losses[row]};
      }
      Curve curve = new Curve(List.of("test.loss"), steps, values);
      Outcome whole = new Outcome(Outcome.State.COMPLETE, 5000, "", 1, 1.5);
      runs.put(planned.id(), new StoredRun(planned.run(), whole, curve));
    }
    return Analysis.of(plan, runs);
  }

  @Test
  void crossings_of_a_moment_are_said_with_how_much_later_the_level_is_passed_for_good() {
    Analysis analysis = analysis(SIZES, ONE, CLEAN, TWO);
    String times = "1.8 to 3 times as late: such times are partly chance; hold: 3 would take the";
    assertThat(analysis.notes())
        .containsExactly(
            "plateau is passed for a moment only in 2 of 6 runs, and by 3 evaluations in a row "
                + times
                + " later ones");
    assertThat(analysis.fits().get("law").notes())
        .contains(
            "plateau is passed for a moment only in 2 of 6 runs, and by 3 evaluations in a row "
                + times
                + " later ones");
  }

  @Test
  void who_never_passes_for_longer_is_counted_too() {
    assertThat(analysis(SIZES, ONE, NEVER).notes())
        .singleElement()
        .asString()
        .contains("in 2 of 6 runs", "3 times as late, or never");
    assertThat(analysis(SIZES, NEVER).notes())
        .singleElement()
        .asString()
        .contains("in 1 of 6 runs", "in a row at no later step");
  }

  @Test
  void a_loss_that_jumps_later_or_a_curve_that_ends_is_none() {
    assertThat(analysis(SIZES, SPIKE_LATER, ENDS).notes()).isEmpty();
    assertThat(analysis(SIZES).fits().get("law").notes()).noneMatch(n -> n.contains("moment"));
  }

  @Test
  void who_asks_for_three_evaluations_in_a_row_is_not_told() {
    String held = SIZES.replace("{grid", "{set: {measurement.thresholds.plateau.hold: 3}, grid");
    assertThat(analysis(held, ONE, TWO).notes()).isEmpty();
  }
}
