package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Plan;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.RunConfig;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;

class RangeJudgeTest {
  private static Plan plan(int seeds) {
    return plan(seeds, "at_least: 2");
  }

  private static Plan plan(int seeds, String bounds) {
    return Fabricated.plan(
        """
        seeds: {count: %d}
        sweeps: {s: {grid: {task.dim: [3, 7]}}}
        claims: {far: {kind: seed_range, data: s, of: plateau.steps, %s}}
        """
            .formatted(seeds, bounds));
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

  @Test
  void of_each_the_range_nearest_to_its_bound_is_judged() {
    Plan least = plan(2);
    assertThat(judged(least, 7)).isEqualTo(Bounds.exactly(2));
    Plan most = plan(2, "at_most: 9");
    assertThat(judged(most, 7)).isEqualTo(Bounds.exactly(7));
    assertThat(judged(plan(2, "at_least: 1, at_most: 9"), 7)).isEqualTo(Bounds.exactly(2));
    assertThat(judged(plan(2, "at_least: 1, at_most: 6"), 7)).isEqualTo(Bounds.exactly(7));
  }

  /** The largest over the smallest is 1 or more, whatever they are. */
  @Test
  void a_range_that_is_not_known_may_be_any_from_1_on() {
    ToDoubleBiFunction<RunConfig, Integer> times =
        (c, seed) -> Fabricated.d(c) == 3 ? 100 * seed : 100 * (1 + 3 * seed);
    Plan plan = plan(2, "range: worst, at_least: 2");
    ClaimReport claim = Analysis.of(plan, Fabricated.runs(plan, times)).claims().get("far");
    assertThat(claim.judged()).isEqualTo(new Bounds(1, 4));
    assertThat(claim.verdict()).isEqualTo(Verdict.UNDECIDED);
  }

  private static Bounds judged(Plan plan, double range) {
    Map<String, StoredRun> runs =
        Fabricated.runs(
            plan, (c, seed) -> 100 * (seed == 0 ? 1 : Fabricated.d(c) == 3 ? 2 : range));
    return Analysis.of(plan, runs).claims().get("far").judged();
  }

  /** A program that reads the file must not take a lower limit for the number itself. */
  @Test
  void the_file_of_claims_says_which_ranges_are_known_from_below_alone() {
    Plan plan = plan(2);
    Map<String, StoredRun> runs =
        Fabricated.runs(plan, (c, seed) -> seed == 0 ? 100 : Fabricated.d(c) == 3 ? 400 : 1e9);
    Map<?, ?> claim = (Map<?, ?>) Verdicts.claims(Analysis.of(plan, runs)).get("far");
    assertThat(claim.get("dim = 3")).isEqualTo(4.0);
    assertThat(claim.get("dim = 7"))
        .isEqualTo(Map.of("lower", 50.0, "upper", Double.POSITIVE_INFINITY, "open", true));
  }
}
