package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.plan.Plan;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.RunConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class RatioJudgeTest {
  private static final double NEVER = Double.POSITIVE_INFINITY;

  @Test
  void the_best_ratio_of_baseline_over_condition_is_judged() {
    ClaimReport claim =
        judge(
            "ratio: best, at_least: 3.0",
            c -> 4000.0 / Fabricated.number(c, "repetition.in_context"));
    assertThat(claim.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(claim.judged().lower()).isEqualTo(8);
    assertThat(claim.ratios()).hasSize(3);
    assertThat(claim.ratios().get(0).ratio().lower()).isEqualTo(2);
    assertThat(claim.reason())
        .isEqualTo("the best ratio is 8 (at in_context = 8), claimed is at least 3");
  }

  @Test
  void the_worst_and_each_are_judged_by_the_smallest() {
    ToDoubleFunction<RunConfig> linear =
        c -> 4000.0 / Fabricated.number(c, "repetition.in_context");
    assertThat(judge("ratio: worst, at_least: 3.0", linear).verdict()).isEqualTo(Verdict.FAILS);
    assertThat(judge("ratio: each, at_least: 2.0", linear).verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(judge("ratio: each, at_least: 2.0, at_most: 7.0", linear).verdict())
        .isEqualTo(Verdict.FAILS);
    assertThat(judge("ratio: best, at_most: 7.0", linear).verdict()).isEqualTo(Verdict.FAILS);
  }

  @Test
  void a_ratio_of_just_what_is_claimed_holds_whatever_its_means_are_rounded_to() {
    // 1210 / 3 over 1100 / 3 would be a little less than 1.1.
    double[] base = {350, 370, 490};
    double[] condition = {280, 330, 490};
    for (String claim : List.of("ratio: worst, at_least: 1.1", "ratio: best, at_most: 1.1")) {
      Plan plan = plan(claim);
      ToDoubleBiFunction<RunConfig, Integer> times = (c, s) -> (b(c) == 1 ? base : condition)[s];
      Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, times));
      assertThat(analysis.claims().get("speedup").verdict()).as(claim).isEqualTo(Verdict.HOLDS);
    }
  }

  @Test
  void where_says_which_conditions_are_compared_and_leaves_the_baseline() {
    ToDoubleFunction<RunConfig> linear = c -> 4000.0 / b(c);
    ClaimReport claim = judge("where: {B: 4}, ratio: best, at_least: 3.0", linear);
    assertThat(claim.ratios()).hasSize(1);
    assertThat(claim.reason())
        .isEqualTo("the best ratio is 4 (at in_context = 4), claimed is at least 3");
  }

  @Test
  void a_seed_in_where_holds_for_the_baseline_too() {
    Plan plan = plan("where: {seed: 1}, ratio: best, at_least: 3.0");
    // Only with seed 1 does the baseline take longer.
    Analysis analysis =
        Analysis.of(plan, Fabricated.runs(plan, (c, s) -> (s == 1 && b(c) == 1 ? 4000.0 : 1000.0)));
    assertThat(analysis.claims().get("speedup").judged()).isEqualTo(Bounds.exactly(4));
  }

  @Test
  void an_unreached_baseline_bounds_the_ratio_from_below() {
    // The baseline takes longer than 5000 steps, so the speed-up by B = 8 is at least 10.
    ToDoubleFunction<RunConfig> slow = c -> b(c) == 1 ? NEVER : 4000.0 / b(c);
    assertThat(judge("ratio: best, at_least: 10.0", slow).verdict()).isEqualTo(Verdict.HOLDS);
    ClaimReport open = judge("ratio: best, at_least: 20.0", slow);
    assertThat(open.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(open.reason())
        .contains("at least 10,")
        .contains("3 of 3 ratios are open: in 3 ratios seeds are unreached");
  }

  @Test
  void an_unreached_condition_bounds_the_ratio_from_above() {
    ToDoubleFunction<RunConfig> lost = c -> b(c) == 8 ? NEVER : 1000.0;
    assertThat(judge("ratio: worst, at_least: 0.5", lost).verdict()).isEqualTo(Verdict.FAILS);
    assertThat(judge("ratio: best, at_least: 0.9", lost).verdict()).isEqualTo(Verdict.HOLDS);
    ClaimReport open = judge("ratio: each, at_least: 0.1", lost);
    assertThat(open.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(open.reason()).contains("; 1 of 3 ratios is open: in 1 ratio seeds are unreached");
  }

  @Test
  void ratios_that_are_open_are_not_the_reason_of_what_is_decided() {
    ToDoubleFunction<RunConfig> lost = c -> b(c) == 8 ? NEVER : 1000.0;
    assertThat(judge("ratio: best, at_least: 0.9", lost).reason())
        .endsWith("claimed is at least 0.9");
    assertThat(judge("ratio: worst, at_least: 0.5", lost).reason())
        .endsWith("claimed is at least 0.5: below its band");
  }

  @Test
  void each_is_told_by_the_smallest_ratio_where_a_larger_one_may_be_above_the_band() {
    ToDoubleFunction<RunConfig> slow = c -> b(c) == 1 ? NEVER : 4000.0 / b(c);
    assertThat(judge("ratio: each, at_least: 1, at_most: 20", slow).reason())
        .startsWith("the worst ratio is at least 2.5, ");
  }

  @Test
  void a_baseline_that_select_leaves_out_and_one_that_is_left_alone_are_told_apart() {
    Plan plan =
        Fabricated.plan(
"""
sweeps:
  vary_B:
    grid: {repetition.in_context: [1, 4]}
    select: {over: repetition.in_context, by: {mean: plateau.steps}}
claims: {speedup: {data: vary_B, of: plateau.steps, baseline: {B: 1}, at_least: 1.9}}
""");
    assertThat(claim(plan, (c, s) -> 4000.0 / b(c)).reason())
        .isEqualTo("no condition is the baseline");
    assertThat(claim(plan, (c, s) -> 1000.0 * b(c)).reason())
        .isEqualTo("no condition differs from the baseline in its values alone");
  }

  @Test
  void missing_runs_leave_a_claim_open_unless_the_others_decide_it() {
    Plan plan = plan("ratio: best, at_least: 3.0");
    Map<String, StoredRun> runs = new HashMap<>(Fabricated.runs(plan, (c, s) -> 4000.0 / b(c)));
    plan.runs().stream().filter(r -> b(r.run().config()) == 2).forEach(r -> runs.remove(r.id()));
    assertThat(Analysis.of(plan, runs).claims().get("speedup").verdict()).isEqualTo(Verdict.HOLDS);
    plan.runs().stream()
        .filter(r -> b(r.run().config()) == 1)
        .limit(1)
        .forEach(r -> runs.remove(r.id()));
    Analysis without = Analysis.of(plan, runs);
    assertThat(without.claims().get("speedup").verdict()).isEqualTo(Verdict.UNDECIDED);
    // Nothing is a miss while runs are missing.
    assertThat(without.holds()).isTrue();
  }

  @Test
  void conditions_are_compared_with_the_baseline_that_agrees_in_all_other_axes() {
    Plan plan =
        Fabricated.plan(
"""
sweeps: {vary_B: {grid: {task.dim: [16, 32], repetition.in_context: [1, 4]}}}
claims: {speedup: {data: vary_B, of: plateau.steps, baseline: {B: 1}, ratio: each, at_least: 1.9}}
""");
    // B = 4 halves the time at each d, while d = 32 takes four times as long as d = 16.
    Analysis analysis =
        Analysis.of(
            plan,
            Fabricated.runs(
                plan, (c, s) -> (Fabricated.d(c) == 32 ? 4000.0 : 1000.0) / Math.sqrt(b(c))));
    assertThat(analysis.claims().get("speedup").ratios())
        .extracting(r -> r.ratio().lower())
        .containsExactly(2.0, 2.0);
    assertThat(analysis.claims().get("speedup").verdict()).isEqualTo(Verdict.HOLDS);
  }

  @Test
  void a_threshold_that_is_passed_before_training_is_the_reason_it_is() {
    ClaimReport claim = judge("ratio: best, at_least: 1", c -> 0);
    assertThat(claim.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(claim.reason())
        .endsWith(
            "3 of 3 ratios are open: in 3 ratios the number is 0 in the condition, so that nothing can be"
                + " divided by it (a threshold that is passed before training?)");
    assertThat(judge("ratio: best, at_least: 1", c -> b(c) == 1 ? 900 : 0).verdict())
        .isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void a_ratio_beyond_its_band_fails_and_says_on_which_side() {
    ToDoubleFunction<RunConfig> linear = c -> 4000.0 / b(c);
    assertThat(judge("ratio: best, at_least: 3, at_most: 7", linear).reason())
        .endsWith(": above its band");
    assertThat(judge("ratio: each, at_least: 1, at_most: 7", linear).reason())
        .endsWith(": above its band");
    assertThat(judge("ratio: worst, at_least: 3, at_most: 7", linear).reason())
        .endsWith(": below its band");
  }

  /** The smallest ratio would say nothing of an upper bound. */
  @Test
  void each_is_told_by_the_ratio_that_is_nearest_to_its_bound_or_beyond_it() {
    ToDoubleFunction<RunConfig> linear = c -> 4000.0 / b(c);
    assertThat(judge("ratio: each, at_least: 1, at_most: 7", linear).reason())
        .startsWith(
            "the largest ratio is 8 (at in_context = 8), claimed is at least 1 and at most");
    assertThat(judge("ratio: each, at_most: 9", linear).reason())
        .isEqualTo("the largest ratio is 8 (at in_context = 8), claimed is at most 9");
    assertThat(judge("ratio: each, at_least: 3, at_most: 9", linear).reason())
        .isEqualTo(
            "the worst ratio is 2 (at in_context = 2), claimed is at least 3 and at most 9: below"
                + " its band");
    assertThat(judge("ratio: each, at_most: 7", linear).judged().lower()).isEqualTo(8);
  }

  @Test
  void the_ratio_that_is_judged_has_an_interval_where_seeds_differ() {
    Plan plan = plan("ratio: best, at_least: 3.0");
    ClaimReport claim = claim(plan, (c, s) -> 4000.0 / b(c) * (s == 0 ? 1.1 : 0.9));
    double lower = (double) claim.numbers().get("lower");
    double upper = (double) claim.numbers().get("upper");
    assertThat(lower).isPositive().isLessThan(8);
    assertThat(lower * upper).isCloseTo(64, within(1e-9));
    assertThat(claim.reason())
        .isEqualTo(
            "the best ratio is 8 (at in_context = 8; 95%% interval %s to %s), claimed is at least 3",
            Numeral.of(lower), Numeral.of(upper));
    assertThat(claim.verdict()).isEqualTo(Verdict.HOLDS);
  }

  @Test
  void an_interval_on_both_sides_of_a_bound_is_said_to_leave_the_claim_open() {
    ToDoubleBiFunction<RunConfig, Integer> uneven = (c, s) -> 2000.0 / b(c) * (s == 0 ? 1.5 : 0.75);
    for (String open : List.of("at_least: 7", "at_least: 9", "at_most: 9", "at_most: 7")) {
      assertThat(claim(plan("ratio: best, " + open), uneven).reason())
          .as(open)
          .containsPattern(", which leaves the claim open: .*, some \\d+ seeds would decide it\\)");
    }
    for (String sure : List.of("at_least: 1", "at_most: 100", "at_least: 100", "at_most: 1")) {
      assertThat(claim(plan("ratio: best, " + sure), uneven).reason())
          .as(sure)
          .contains("95% interval")
          .doesNotContain("open");
    }
  }

  @Test
  void of_two_bounds_that_are_open_the_one_that_needs_more_seeds_is_told() {
    ToDoubleBiFunction<RunConfig, Integer> uneven = (c, s) -> 2000.0 / b(c) * (s == 0 ? 1.5 : 0.75);
    String near = claim(plan("ratio: best, at_least: 5"), uneven).reason();
    String far = claim(plan("ratio: best, at_most: 20"), uneven).reason();
    String both = claim(plan("ratio: best, at_least: 5, at_most: 20"), uneven).reason();
    String words = ".* (some \\d+ seeds) would decide it.*";
    assertThat(both.replaceAll(words, "$1"))
        .startsWith("some ")
        .isEqualTo(near.replaceAll(words, "$1"))
        .isNotEqualTo(far.replaceAll(words, "$1"));
  }

  @Test
  void a_ratio_has_no_interval_where_a_side_has_one_seed_or_a_seed_did_not_emerge() {
    ClaimReport alone =
        claim(plan("where: {seed: 1}, ratio: best, at_least: 3.0"), (c, s) -> 4000.0 / b(c));
    ClaimReport open =
        claim(
            plan("ratio: best, at_least: 3.0"),
            (c, s) -> b(c) == 1 && s == 1 ? NEVER : 4000.0 / b(c) + s);
    assertThat(alone.numbers()).isEmpty();
    assertThat(open.numbers()).isEmpty();
    assertThat(open.reason()).startsWith("the best ratio is at least").doesNotContain("interval");
  }

  @Test
  void a_metric_is_compared_by_its_last_value() {
    ClaimReport claim =
        judgeOf("test.loss", "ratio: best, at_least: 1.0", c -> b(c) == 1 ? NEVER : 1000.0);
    assertThat(claim.judged().lower()).isEqualTo(0.5 / 0.01);
  }

  @Test
  void the_file_of_claims_has_the_interval_of_each_ratio() {
    Plan plan = plan("ratio: best, at_least: 3.0");
    Analysis analysis =
        Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 4000.0 / b(c) * (1 + 0.1 * s * b(c))));
    Map<?, ?> claim = (Map<?, ?>) Verdicts.claims(analysis).get("speedup");
    List<Map<?, ?>> ratios = new ArrayList<>();
    ((List<?>) claim.get("ratios")).forEach(ratio -> ratios.add((Map<?, ?>) ratio));
    assertThat(ratios)
        .hasSize(3)
        .allSatisfy(
            ratio -> {
              Map<?, ?> interval = (Map<?, ?>) ratio.get("interval");
              double value = (double) ((Map<?, ?>) ratio.get("ratio")).get("lower");
              assertThat(interval.get("level")).isEqualTo(0.95);
              assertThat((double) interval.get("lower")).isPositive().isLessThan(value);
              assertThat((double) interval.get("upper")).isGreaterThan(value);
            });
  }

  private static ClaimReport claim(Plan plan, ToDoubleBiFunction<RunConfig, Integer> time) {
    return Analysis.of(plan, Fabricated.runs(plan, time)).claims().get("speedup");
  }

  private static double b(RunConfig config) {
    return config.repetition().inContext();
  }

  private static ClaimReport judge(String how, ToDoubleFunction<RunConfig> time) {
    return judgeOf("plateau.steps", how, time);
  }

  private static ClaimReport judgeOf(String of, String how, ToDoubleFunction<RunConfig> time) {
    Plan plan = planned("of: " + of + ", " + how);
    return Analysis.of(plan, Fabricated.runs(plan, (c, s) -> time.applyAsDouble(c)))
        .claims()
        .get("speedup");
  }

  private static Plan plan(String how) {
    return planned("of: plateau.steps, " + how);
  }

  private static Plan planned(String rest) {
    return Fabricated.plan(
        "sweeps: {vary_B: {grid: {repetition.in_context: [1, 2, 4, 8]}}}\n"
            + "claims: {speedup: {data: vary_B, baseline: {B: 1}, "
            + rest
            + "}}\n");
  }
}
