package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.AbruptClaim;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AbruptJudgeTest {
  private static final DoubleUnaryOperator EVEN = step -> 1 - step / 1000;
  private static final DoubleUnaryOperator CLIFF = step -> step <= 700 ? 1 : 0.1;

  /** As {@link #CLIFF}, but a third of it comes at one pace. */
  private static final DoubleUnaryOperator BOTH =
      step -> (step <= 700 ? 0.6 : 0) + 0.3 * (1 - step / 1000);

  private static final DoubleUnaryOperator FLAT = step -> 0.7;

  /** The claim about runs of 1,000 steps that are evaluated every 10. */
  private static ClaimReport claim(String keys, DoubleUnaryOperator... losses) {
    Plan plan = plan(keys, losses.length);
    Map<String, StoredRun> runs = new HashMap<>();
    for (PlannedRun run : plan.runs()) {
      if (losses[run.run().seed()] != null) {
        runs.put(run.id(), run(run, losses[run.run().seed()], Outcome.State.COMPLETE));
      }
    }
    return Analysis.of(plan, runs).claims().get("jump");
  }

  private static Plan plan(String keys, int seeds) {
    return plan("test.loss", keys, seeds);
  }

  private static Plan plan(String metric, String keys, int seeds) {
    return Fabricated.planOf(
        """
        dsl: 1
        name: abrupt
        task: {kind: linear_regression, dim: 2, sequence_length: 4}
        architecture: {kind: transformer, layers: 1, heads: 1, embedding_dim: 16, head_dim: 8}
        training: {max_steps: 1000}
        measurement: {evaluate_every: 10}
        seeds: {count: %d}
        sweeps: {all: {}}
        claims: {jump: {kind: abrupt, data: all, metric: "%s", %s}}
        """
            .formatted(seeds, metric, keys));
  }

  private static StoredRun run(PlannedRun planned, DoubleUnaryOperator loss, Outcome.State state) {
    double[] steps = new double[101];
    double[][] values = new double[steps.length][];
    for (int row = 0; row < steps.length; row++) {
      steps[row] = 10 * row;
      values[row] = new double[] {loss.applyAsDouble(steps[row])};
    }
    Curve curve = new Curve(List.of("test.loss"), steps, values);
    return new StoredRun(planned.run(), new Outcome(state, 1000, "", 1, 1), curve);
  }

  @Test
  void a_change_at_one_pace_has_the_window_s_share_and_a_cliff_has_all() {
    ClaimReport even = claim("at_least: 0.5", EVEN);
    assertThat(even.verdict()).isEqualTo(Verdict.FAILS);
    assertThat(even.judged().lower()).isCloseTo(0.05, within(1e-12));
    ClaimReport cliff = claim("at_least: 0.5", CLIFF);
    assertThat(cliff.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(cliff.reason())
        .isEqualTo(
            "the share of the change of test.loss that falls within 5% of a run is 1 in 1 curve,"
                + " within the bounds in 1, from step 700 to 710; claimed of all is at least 0.5");
    assertThat(cliff.numbers()).containsEntry("median_from", 700.0);
  }

  @Test
  void shares_above_one_are_explained() {
    DoubleUnaryOperator returns = step -> step > 300 && step < 600 ? 0.2 : 1 - step / 2000;
    assertThat(claim("at_least: 0.5", CLIFF, returns).reason())
        .endsWith(
            "claimed of all is at least 0.5; in 1 curve it is above 1, since the metric goes back again;"
                + " least_change leaves out what changes little");
    assertThat(claim("at_least: 0.5, least_change: 0.6", CLIFF, returns).reason())
        .endsWith("; 1 curve whose change is below 0.6 left out");
  }

  @Test
  void each_run_has_a_share_and_the_window_can_be_set() {
    // Of a whole change of 0.9 the cliff makes 0.6, and the pace 0.3 times the window.
    ClaimReport claim = claim("window: 10%, at_least: 0.5, curves: 60%", BOTH, EVEN, CLIFF);
    assertThat(claim.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat((double) claim.numbers().get("median")).isCloseTo(0.63 / 0.9, within(1e-12));
    assertThat(claim.reason()).contains("within the bounds in 2; the median jump is from step");
    assertThat(claim("window: 10%, at_least: 0.5, curves: 70%", BOTH, EVEN, CLIFF).verdict())
        .isEqualTo(Verdict.FAILS);
  }

  @Test
  void the_median_jump_of_two_is_between_them() {
    ClaimReport claim = claim("at_least: 0.5", CLIFF, step -> step <= 300 ? 1 : 0.2);
    assertThat(claim.reason()).contains("; the median jump is from step 500 to 510;");
  }

  @Test
  void what_does_not_change_enough_is_left_out_and_counted() {
    ClaimReport claim = claim("at_least: 0.5, least_change: 0.35", CLIFF, step -> 1 - step / 4000);
    assertThat(claim.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(claim.reason()).endsWith("; 1 curve whose change is below 0.35 left out");
    ClaimReport exactly = claim("at_least: 0.5, least_change: 0.5", step -> step <= 700 ? 1 : 0.5);
    assertThat(exactly.numbers()).containsEntry("curves", 1).containsEntry("left_out", 0);
    ClaimReport flat = claim("at_least: 0.5", FLAT);
    assertThat(flat.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(flat.reason())
        .contains("is unknown;")
        .endsWith("1 curve without any change left out");
  }

  /** As where an older version has stored the run. */
  @Test
  void a_column_that_a_run_does_not_have_is_no_curve() {
    Plan plan = plan("*.loss", "at_least: 0.5", 1);
    PlannedRun planned = plan.runs().get(0);
    StoredRun stored = run(planned, CLIFF, Outcome.State.COMPLETE);
    assertThat(stored.curve().has("train.loss")).isFalse();
    ClaimReport claim = Analysis.of(plan, Map.of(planned.id(), stored)).claims().get("jump");
    assertThat(claim.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(claim.numbers()).containsEntry("curves", 1).containsEntry("left_out", 0);
  }

  @Test
  void a_run_without_a_number_of_the_metric_leaves_it_open() {
    Plan plan = plan("train.loss", "at_least: 0.5", 1);
    PlannedRun planned = plan.runs().get(0);
    StoredRun stored = run(planned, CLIFF, Outcome.State.COMPLETE);
    assertThat(stored.curve().has("train.loss")).isFalse();
    ClaimReport claim = Analysis.of(plan, Map.of(planned.id(), stored)).claims().get("jump");
    assertThat(claim.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(claim.reason()).endsWith("; 1 run without a number of it");
  }

  @Test
  void a_run_that_is_missing_or_failed_leaves_it_open() {
    ClaimReport missing = claim("at_least: 0.5", CLIFF, null);
    assertThat(missing.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(missing.reason()).endsWith("; 1 run is missing");
    Plan plan = plan("at_least: 0.5", 1);
    PlannedRun planned = plan.runs().get(0);
    StoredRun failed = run(planned, CLIFF, Outcome.State.FAILED);
    ClaimReport claim = Analysis.of(plan, Map.of(planned.id(), failed)).claims().get("jump");
    assertThat(claim.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(claim.reason()).endsWith("; 1 run failed or diverged");
  }

  /** Runs of a map, one a seed; their rows are a cliff, even and flat. */
  private static ClaimReport rows(String keys, Outcome.State... ended) {
    Plan plan =
        Fabricated.planOf(
            """
            dsl: 1
            name: rows
            task: {kind: linear_map, cells: 3, parents: 1}
            architecture: {kind: transformer, layers: 1, heads: 1, embedding_dim: 16, head_dim: 8}
            training: {max_steps: 1000}
            measurement: {evaluate_every: 10}
            seeds: {count: %d}
            sweeps: {all: {}}
            claims: {jump: {kind: abrupt, data: all, metric: test.loss.row.*, %s}}
            """
                .formatted(ended.length, keys));
    double[] steps = new double[101];
    double[][] values = new double[steps.length][];
    for (int row = 0; row < steps.length; row++) {
      double step = steps[row] = 10 * row;
      values[row] =
          new double[] {CLIFF.applyAsDouble(step), EVEN.applyAsDouble(step), FLAT.applyAsDouble(0)};
    }
    List<String> names = List.of("test.loss.row.0", "test.loss.row.1", "test.loss.row.2");
    Map<String, StoredRun> runs = new HashMap<>();
    for (PlannedRun run : plan.runs()) {
      Outcome outcome = new Outcome(ended[run.run().seed()], 1000, "", 1, 1);
      runs.put(run.id(), new StoredRun(run.run(), outcome, new Curve(names, steps, values)));
    }
    return Analysis.of(plan, runs).claims().get("jump");
  }

  @Test
  void each_row_of_a_map_is_a_curve() {
    ClaimReport claim = rows("least_change: 0.3, at_least: 0.5", Outcome.State.COMPLETE);
    assertThat(claim.verdict()).isEqualTo(Verdict.FAILS);
    assertThat(claim.numbers())
        .containsEntry("curves", 2)
        .containsEntry("within", 1L)
        .containsEntry("left_out", 1);
  }

  /** Two curves hold; the three that are not known could be outside. */
  @Test
  void each_row_of_a_failed_run_is_a_curve_that_is_not_known() {
    ClaimReport claim =
        rows("at_least: 0.01, curves: 60%", Outcome.State.COMPLETE, Outcome.State.FAILED);
    assertThat(claim.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(claim.reason())
        .contains("in 2 of 5 curves, within the bounds in 2 and perhaps in 3 more");
  }

  /** In floating point, 29 % of 100 steps are a little less than 29. */
  @Test
  void evaluations_exactly_the_window_apart_are_within_it() {
    AbruptClaim claim =
        new AbruptClaim(
            "all", Map.of(), "test.loss", 0.29, 0, Optional.of(0.5), Optional.empty(), 1);
    assertThat(0.29 * 100).isLessThan(29);
    assertThat(claim.within(100)).isBetween(29.0, 29.001);
  }

  @Test
  void a_jump_of_a_flow_is_at_a_time() {
    Plan plan =
        Fabricated.planOf(
            """
            dsl: 1
            name: flow
            task: {kind: linear_regression, dim: 2, sequence_length: 4, relevant_position: last, relevant_feature: false}
            architecture: {kind: toy}
            training: {optimizer: {kind: gradient_flow}, max_time: 1000}
            seeds: none
            sweeps: {all: {}}
            claims: {jump: {kind: abrupt, data: all, metric: test.loss, at_least: 0.5}}
            """);
    PlannedRun planned = plan.runs().get(0);
    StoredRun run = run(planned, CLIFF, Outcome.State.COMPLETE);
    ClaimReport claim = Analysis.of(plan, Map.of(planned.id(), run)).claims().get("jump");
    assertThat(claim.reason()).contains(", from t = 700 to 710;");
  }

  @Test
  void evaluations_that_are_missing_are_passed_over() {
    double[] steps = {0, 10, 20, 30, 40};
    double[] values = {Double.NaN, 1, Double.NaN, 0.2, Double.NaN};
    Jump jump = Jump.of(steps, values, 20);
    assertThat(jump).isEqualTo(new Jump(1, 0.8, 10, 30));
    assertThat(Jump.of(steps, values, 19).share()).isNaN();
    assertThat(Jump.of(steps, new double[] {1, 1, 1, 1, 1}, 20).share()).isNaN();
    assertThat(Jump.of(new double[0], new double[0], 1).share()).isNaN();
    Jump single = Jump.of(steps, new double[] {1, Double.NaN, Double.NaN}, 20);
    assertThat(single.change()).as("of one evaluation").isZero();
  }

  /** The whole run as the window has at least the whole change, and no pair has more. */
  @Property(tries = 300)
  void a_jump_is_the_largest_of_all_pairs(
      @ForAll @Size(min = 2, max = 12) List<@DoubleRange(min = -1, max = 1) Double> drawn,
      @ForAll @DoubleRange(min = 1, max = 12) double window) {
    double[] values = drawn.stream().mapToDouble(v -> v).toArray();
    double[] steps = DoubleStream.iterate(0, s -> s + 1).limit(values.length).toArray();
    double whole = values[values.length - 1] - values[0];
    Jump jump = Jump.of(steps, values, window);
    double best =
        IntStream.range(0, values.length)
            .boxed()
            .flatMapToDouble(
                a ->
                    IntStream.range(a + 1, values.length)
                        .filter(b -> b - a <= window)
                        .mapToDouble(b -> (values[b] - values[a]) * Math.signum(whole)))
            .max()
            .orElseThrow();
    if (whole == 0) {
      assertThat(jump.share()).isNaN();
    } else {
      double[] turned = Arrays.stream(values).map(v -> -v).toArray();
      assertThat(jump.share()).isCloseTo(best / Math.abs(whole), within(1e-9 * (1 + jump.share())));
      assertThat(Jump.of(steps, turned, window).share()).isEqualTo(jump.share());
    }
  }
}
