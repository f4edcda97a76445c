package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Fabricated;
import dev.emergence.plan.Plan;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.Picture;
import dev.emergence.result.StoredRun;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A figure of attention at a threshold is of the crossing of its own condition. */
class AttentionMomentsTest {
  private static final String FILE =
      """
      seeds: 1
      symbols: {level: measurement.thresholds.plateau.below}
      sweeps:
        s:
          set: {measurement.attention.pictures_at: [plateau]}
          grid: {measurement.thresholds.plateau.below: [0.3, 0.05, 0.001]}
      plots:
        early: {kind: attention, data: s, where: {level: 0.3}, at: plateau}
        late: {kind: attention, data: s, where: {level: 0.05}, at: plateau}
        never: {kind: attention, data: s, where: {level: 0.001}, at: plateau}
      """;

  /** The loss falls below 0.3 at step 20 and below 0.05 at step 40. */
  private static Map<String, Drawing> drawings(List<Picture> pictures) {
    Plan plan = Fabricated.plan(FILE);
    Curve curve =
        new Curve(
            List.of("test.loss"),
            new double[] {0, 20, 40, 60},
            new double[][] {{0.5}, {0.2}, {0.04}, {0.02}});
    Map<String, StoredRun> runs =
        plan.runs().stream()
            .collect(
                Collectors.toMap(
                    planned -> planned.id(),
                    planned ->
                        new StoredRun(
                            planned.run(),
                            new Outcome(Outcome.State.COMPLETE, 5000, "", 1, 1.5),
                            curve)));
    assertThat(runs).hasSize(1);
    return Report.drawings(Analysis.of(plan, runs), run -> pictures);
  }

  private static Picture at(long step, double mass) {
    return new Picture("plateau", step, 1, 1, new double[][] {{1, 0}, {mass, 1 - mass}});
  }

  @Test
  void conditions_that_share_a_run_have_the_patterns_of_their_own_crossings() {
    Map<String, Drawing> drawn = drawings(List.of(at(20, 0.375), at(40, 0.125)));
    assertThat(drawn.get("early").csv()).contains("20,1,1,1,0,0.375").doesNotContain("0.125");
    assertThat(drawn.get("late").csv()).contains("40,1,1,1,0,0.125").doesNotContain("0.375");
  }

  @Test
  void patterns_of_another_crossing_are_not_drawn_and_named() {
    Map<String, Drawing> drawn = drawings(List.of(at(20, 0.375)));
    assertThat(drawn.get("early").csv()).contains("0.375");
    assertThat(drawn.get("late").csv()).doesNotContain("0.375");
    assertThat(Shape.words(drawn.get("late").figure().svg()))
        .contains("at its crossing, step 40; stored: 'plateau' (step 20)");
    assertThat(drawn.get("never").csv()).doesNotContain("0.375");
  }
}
