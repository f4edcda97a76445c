package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.plan.Plan;
import dev.emergence.plan.Run;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two results whose seeds emerge at times of their own. */
class ComparisonTest {
  private static final Plan PLAN = plan("[16]", 4);

  private static Plan plan(String dims, int seeds) {
    return Fabricated.plan(
        "seeds: {count: " + seeds + "}\nsweeps: {main: {grid: {task.dim: " + dims + "}}}\n");
  }

  private static Map<String, StoredRun> runs(Plan plan, double... times) {
    return Fabricated.runs(plan, (c, seed) -> times[seed]);
  }

  private static Comparison.Times times(Map<String, StoredRun> a, Map<String, StoredRun> b) {
    return new Comparison(Analysis.of(PLAN, a), Analysis.of(PLAN, b)).times().get(0);
  }

  /** Their geometric mean is the same. */
  @Test
  void every_pair_is_judged_not_their_mean_alone() {
    Comparison.Times times = times(runs(PLAN, 80, 60, 80, 80), runs(PLAN, 60, 80, 80, 80));
    assertThat(times.ratio()).isCloseTo(1, within(1e-12));
    assertThat(times.farthest()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(times.within(0.3)).isFalse();
    assertThat(times.within(0.34)).isTrue();
  }

  @Test
  void what_was_passed_at_the_start_differs_from_what_never_was() {
    Map<String, StoredRun> start = runs(PLAN, 0, 0, 0, 0);
    assertThat(times(start, start).pairs()).isEqualTo(4);
    assertThat(times(start, start).within(0)).isTrue();
    Comparison.Times never = times(start, runs(PLAN, 1e9, 1e9, 1e9, 1e9));
    assertThat(never.onlyOne()).isEqualTo(4);
    assertThat(never.within(1e9)).isFalse();
    assertThat(times(start, runs(PLAN, 0, 0, 0, 10)).within(1e9)).isFalse();
  }

  @Test
  void runs_and_conditions_that_one_has_alone_are_counted_and_named() {
    Map<String, StoredRun> some = runs(PLAN, 80, 80, 80, 80);
    some.remove(some.keySet().iterator().next());
    Comparison.Times lacking = times(runs(PLAN, 80, 80, 80, 80), some);
    assertThat(lacking.absent()).isEqualTo(1);
    assertThat(lacking.pairs()).isEqualTo(3);
    assertThat(lacking.within(1)).isFalse();
    Plan more = plan("[16, 32]", 6);
    Comparison wider =
        new Comparison(
            Analysis.of(PLAN, some), Analysis.of(more, runs(more, 80, 80, 80, 80, 80, 80)));
    assertThat(wider.times()).extracting(Comparison.Times::absent).containsExactly(3);
    assertThat(wider.inFirstAlone()).isEmpty();
    assertThat(wider.inSecondAlone()).containsExactly("main task.dim=32");
  }

  /** Such a run is no evidence that nothing emerges. */
  @Test
  void runs_that_failed_before_they_emerged_are_counted_apart() {
    Map<String, StoredRun> some = runs(PLAN, 80, 80, 80, 80);
    Run first = some.values().iterator().next().run();
    some.put(first.id(), Fabricated.stored(first, 1e9, Outcome.State.FAILED));
    Comparison.Times times = times(runs(PLAN, 1e9, 1e9, 1e9, 1e9), some);
    assertThat(times.unknown()).isEqualTo(1);
    assertThat(times.neither()).isZero();
    assertThat(times.onlyOne()).isEqualTo(3);
    assertThat(times(some, some).within(1)).isFalse();
  }

  @Test
  void the_time_of_a_flow_is_not_compared_with_steps() {
    String toy =
        """
        dsl: 1
        name: toy
        task: {kind: linear_regression, dim: 4, sequence_length: 16, relevant_position: last, relevant_feature: false}
        architecture: {kind: toy}
        training: {optimizer: {kind: %s}, max_steps: 5000, max_time: 5000}
        measurement: {thresholds: {plateau: {metric: test.loss, below: 0.1}}}
        seeds: none
        sweeps: {main: {grid: {task.dim: [4, 8]}}}
        """;
    Plan flow = Fabricated.planOf(toy.formatted("gradient_flow"));
    Plan descent = Fabricated.planOf(toy.formatted("sgd"));
    Analysis inTime = Analysis.of(flow, Fabricated.runs(flow, (c, seed) -> 80));
    Analysis inSteps = Analysis.of(descent, Fabricated.runs(descent, (c, seed) -> 80));
    assertThat(new Comparison(inTime, inTime).times()).hasSize(2);
    Comparison both = new Comparison(inTime, inSteps);
    assertThat(both.times()).isEmpty();
    assertThat(both.inFirstAlone()).containsExactly("main task.dim=4", "main task.dim=8");
  }

  @Test
  void the_ratio_is_the_geometric_mean_over_pairs() {
    Comparison.Times times = times(runs(PLAN, 100, 100, 100, 1e9), runs(PLAN, 200, 800, 400, 1e9));
    assertThat(times.ratio()).isCloseTo(4, within(1e-12));
    assertThat(times.farthest()).isCloseTo(7, within(1e-12));
    assertThat(times.pairs()).isEqualTo(3);
    assertThat(times.neither()).isEqualTo(1);
    Map<String, StoredRun> never = runs(PLAN, 1e9, 1e9, 1e9, 1e9);
    assertThat(times(never, never).ratio()).isNaN();
  }
}
