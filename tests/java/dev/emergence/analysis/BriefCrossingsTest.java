package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.measure.Emergence;
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

  private static final double[] BRIEF = {1, 1, 1, 1, 1, 0.09, 1, 0.01, 0.01, 0.01};
  private static final double[] BARELY = {1, 1, 1, 1, 1, 1, 0.09, 0.09, 1, 0.01, 0.01, 0.01};
  private static final double[] TEN = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.09, 1, 0.01, 0.01, 0.01, 0.01
  };
  private static final double[] THIRTIETH = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.09,
    1, 0.01, 0.01, 0.01, 0.01
  };

  private static Analysis analysis(String more, double[]... curves) {
    return analysis(Fabricated.plan(more), curves);
  }

  private static Analysis analysis(Plan plan, double[]... curves) {
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
        .contains(
            "in 1 of 6 runs",
            "in a row at no later step: such times are partly chance; hold: 3 would count none of"
                + " them");
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
    assertThat(analysis(held.replace("3}", "2}"), ONE, TWO).notes())
        .singleElement()
        .asString()
        .contains("in 1 of 6 runs", " 1.8 times as late");
  }

  @Test
  void a_step_that_is_hardly_later_is_no_word_worth() {
    assertThat(analysis(SIZES, THIRTIETH).notes()).isEmpty();
    assertThat(analysis(SIZES, TEN, BRIEF).notes())
        .singleElement()
        .asString()
        .contains("in 2 of 6 runs", " 1.2 to 1.4 times as late:");
    assertThat(analysis(SIZES, BRIEF, BRIEF).notes())
        .singleElement()
        .asString()
        .contains(" 1.4 times as late:");
    assertThat(analysis(SIZES, BARELY).notes()).singleElement().asString().contains(" 1.5 times");
  }

  /** Two passes end the curve: a third might have followed. */
  @Test
  void a_level_that_is_passed_from_the_start_or_at_the_end_is_none() {
    double[] atTheStart = {0.09, 1, 1, 1, 0.09, 0.01, 0.01, 0.01};
    double[] atTheEnd = {1, 1, 1, 1, 0.09, 0.01};
    assertThat(analysis(SIZES, atTheStart, atTheEnd).notes()).isEmpty();
    double[] oneMore = {1, 1, 1, 0.09, 0.01, 1};
    assertThat(analysis(SIZES, oneMore).notes()).hasSize(1);
  }

  /** It has rows where its curve bends, and no noise. */
  @Test
  void an_integration_passes_nothing_by_chance() {
    Plan flow =
        Fabricated.planOf(
            """
            dsl: 1
            name: flow
            task: {kind: linear_regression, dim: 16, sequence_length: 64, relevant_position: last, relevant_feature: false}
            architecture: {kind: toy, dynamics: reduced}
            training: {optimizer: {kind: gradient_flow}, max_time: 90}
            measurement: {thresholds: {plateau: {metric: test.loss, below: 0.1}}}
            seeds: none
            """);
    Analysis integrated = analysis(flow, ONE);
    assertThat(integrated.runs().get(0).emergence("plateau"))
        .isInstanceOfSatisfying(Emergence.Reached.class, at -> assertThat(at.step()).isEqualTo(20));
    assertThat(integrated.notes()).isEmpty();
  }

  @Test
  void thresholds_of_a_family_are_told_together() {
    String family =
        SIZES.replace(
            "{grid",
            "{set: {measurement.thresholds: {plateau: {metric: test.loss, below: 0.1, hold: 3},"
                + " each: {metric: 'te*.loss', below: 0.1}}}, grid");
    assertThat(analysis(family, ONE).notes())
        .singleElement()
        .asString()
        .startsWith("each.* is passed for a moment only in 3 of 18 crossings, and by 3 ");
  }

  @Test
  void what_falls_must_have_been_up_as_long_and_a_mean_stays_a_mean() {
    double[] spike = {0.09, 0.09, 0.09, 1, 0.09, 0.09, 0.09, 0.09, 0.09, 0.09};
    String fall = SIZES.replace("{grid", "{set: {measurement.thresholds.plateau.from: 0.6}, grid");
    assertThat(analysis(fall, spike).notes())
        .containsExactly(
            "plateau is passed for a moment only, or from where it was for a moment only, in 1 of 6"
                + " runs, and by 3 evaluations in a row at no later step: such times are partly"
                + " chance; hold: 3 would count none of them");
    String smooth =
        SIZES.replace("{grid", "{set: {measurement.thresholds.plateau.smooth: 2}, grid");
    double[] rough = {1, 1, 1, 1, 0.05, 0.05, 0.12, 0.05, 0.12, 0.05};
    assertThat(analysis(SIZES, rough).notes()).hasSize(1);
    assertThat(analysis(smooth, rough).notes()).isEmpty();
  }
}
