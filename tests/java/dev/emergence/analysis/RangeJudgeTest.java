package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Plan;
import dev.emergence.result.StoredRun;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RangeJudgeTest {
  private static Plan plan(int seeds) {
    return Fabricated.plan(
        """
        seeds: {count: %d}
        sweeps: {s: {grid: {task.dim: [3, 7]}}}
        claims: {far: {kind: seed_range, data: s, of: plateau.steps, at_least: 2}}
        """
            .formatted(seeds));
  }

  private static String reason(Plan plan, Map<String, StoredRun> runs) {
    return Analysis.of(plan, runs).claims().get("far").reason();
  }

  @Test
  void a_single_seed_is_the_reason_for_an_unknown_range() {
    Plan plan = plan(1);
    assertThat(reason(plan, Fabricated.runs(plan, (c, seed) -> 100)))
        .endsWith(
            "dim = 7: unknown; claimed of each is at least 2; 2 conditions of one seed, and a"
                + " range takes two");
  }

  @Test
  void seeds_none_of_which_emerged_are_the_reason_for_an_unknown_range() {
    Plan plan = plan(2);
    assertThat(reason(plan, Fabricated.runs(plan, (c, seed) -> Double.POSITIVE_INFINITY)))
        .endsWith("claimed of each is at least 2; in 2 conditions no seed emerged");
  }

  @Test
  void a_smallest_time_of_0_is_the_reason_for_an_unknown_range() {
    Plan plan = plan(2);
    assertThat(reason(plan, Fabricated.runs(plan, (c, seed) -> 100 * seed)))
        .endsWith("claimed of each is at least 2; in 2 conditions the smallest is 0");
    assertThat(reason(plan, Fabricated.runs(plan, (c, seed) -> 100 * (1 + 3 * seed))))
        .endsWith("dim = 3: 4; dim = 7: 4; claimed of each is at least 2");
  }
}
