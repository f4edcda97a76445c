package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.fit.Exponentiality;
import dev.emergence.fit.Exponentiality.Wait;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.junit.jupiter.api.Test;

/** Claims about the waiting times of one condition's seeds. */
class WaitClaimsTest {
  private static final int SEEDS = 30;

  private static ClaimReport waits(String expect, IntToDoubleFunction time) {
    Plan plan =
        Fabricated.plan(
            "seeds: {count: "
                + SEEDS
                + "}\nsweeps: {one: {}}\n"
                + "claims: {waits: {kind: exponential, data: one, threshold: plateau, resamples:"
                + " 500, expect: "
                + expect
                + "}}\n");
    Map<String, StoredRun> runs = Fabricated.runs(plan, (c, seed) -> time.applyAsDouble(seed));
    return Analysis.of(plan, runs).claims().get("waits");
  }

  /** Evenly spread quantiles of a distribution. */
  private static double share(int seed) {
    return (seed + 0.5) / SEEDS;
  }

  @Test
  void exponential_waits_after_a_delay_are_not_refuted() {
    IntToDoubleFunction time = seed -> 600 - 800 * Math.log(1 - share(seed));
    ClaimReport claim = waits("exponential", time);
    assertThat(claim.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(claim.reason())
        .startsWith("29 waits (29 emerged) from step 620 on")
        .contains("cannot be told from exponential ones");
    assertThat(waits("not_exponential", time).verdict()).isEqualTo(Verdict.FAILS);
  }

  @Test
  void regular_waits_are_refuted_and_censored_runs_count() {
    // The last one would come after max_steps.
    NormalDistribution normal = new NormalDistribution(4300, 400);
    IntToDoubleFunction time = seed -> normal.inverseCumulativeProbability(share(seed));
    ClaimReport claim = waits("not_exponential", time);
    assertThat(claim.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(claim.reason()).contains("29 waits (28 emerged)").contains("more regular");
    assertThat(claim.numbers()).containsKeys("p", "score", "mean_wait");
    assertThat(waits("exponential", time).verdict()).isEqualTo(Verdict.FAILS);
  }

  @Test
  void too_few_crossings_leave_it_open() {
    ClaimReport claim = waits("exponential", seed -> seed < 4 ? 1000 : 1e9);
    assertThat(claim.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(claim.reason())
        .isEqualTo("a test of waiting times needs 5 that emerged after the first, got 3");
    assertThat(claim.holds()).as("nothing is missing, so it is a miss").isFalse();
  }

  @Test
  void how_long_runs_waited_that_had_passed_before_training_is_not_known() {
    ClaimReport waits = waits("exponential", seed -> seed < 4 ? 0 : 100.0 * seed);
    assertThat(waits.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(waits.reason()).startsWith("4 of 30 runs had passed plateau before training");
  }

  private static ClaimReport diverged(double at, String after) {
    return ended(Outcome.State.DIVERGED, at, after);
  }

  /** Waits of 30 runs, of which the first five ended so at a step without having emerged. */
  private static ClaimReport ended(Outcome.State state, double at, String after) {
    Plan plan =
        Fabricated.plan(
            """
            seeds: {count: 30}
            sweeps: {one: {}}
            claims: {waits: {kind: exponential, data: one, threshold: plateau, expect: exponential, resamples: 500%s}}
            """
                .formatted(after));
    Map<String, StoredRun> runs =
        Fabricated.runs(plan, (c, seed) -> 600 - 800 * Math.log(1 - share(seed)));
    for (PlannedRun run : plan.runs()) {
      if (run.run().seed() < 5) {
        StoredRun whole = Fabricated.stored(run.run(), 1e9, Outcome.State.COMPLETE);
        Outcome end = new Outcome(state, at, "test.loss is NaN", 1, 2.5);
        runs.put(run.id(), new StoredRun(run.run(), end, whole.curve().until(at)));
      }
    }
    return Analysis.of(plan, runs).claims().get("waits");
  }

  @Test
  void runs_that_diverged_while_they_waited_leave_it_open() {
    ClaimReport claim = diverged(1000, "");
    assertThat(claim.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(claim.reason())
        .startsWith("5 of 30 runs diverged before they passed plateau: they never would");
    assertThat(diverged(1000, ", after: 900").verdict()).isEqualTo(Verdict.UNDECIDED);
    ClaimReport later = diverged(500, ", after: 900");
    assertThat(later.verdict()).as("no longer waiting at step 900").isEqualTo(Verdict.HOLDS);
    assertThat(later.reason()).startsWith("21 waits (21 emerged) from step 900 on");
  }

  @Test
  void runs_that_failed_while_they_waited_are_left_out_and_counted() {
    ClaimReport claim = ended(Outcome.State.FAILED, 1000, "");
    assertThat(claim.verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(claim.reason())
        .endsWith("; 5 of 30 runs failed before they passed plateau and are left out");
  }

  /** 30 runs whose loss in training falls at one time and on the test set at another. */
  private static double stopped(String when, IntToDoubleFunction first, IntToDoubleFunction fall) {
    Plan plan =
        Fabricated.planOf(
            """
            dsl: 1
            name: stopped
            task: {kind: linear_regression, dim: 16, sequence_length: 64}
            training: {max_steps: 5000}
            seeds: {count: 30}
            sweeps: {one: {}}
            measurement:
              evaluate_every: 10
              thresholds:
                first: {metric: train.loss, below: 0.5}
                plateau: {metric: test.loss, below: 0.1}
              stop: {when: %s, extra: 100%%}
            claims: {waits: {kind: exponential, data: one, threshold: plateau, expect: exponential, after: 0, resamples: 500}}
            """
                .formatted(when));
    Map<String, StoredRun> runs = new HashMap<>();
    for (PlannedRun run : plan.runs()) {
      int seed = run.run().seed();
      runs.put(run.id(), stored(run, first.applyAsDouble(seed), fall.applyAsDouble(seed)));
    }
    return (double) Analysis.of(plan, runs).claims().get("waits").numbers().get("p");
  }

  private static StoredRun stored(PlannedRun run, double first, double fall) {
    double[] steps = IntStream.rangeClosed(0, 500).mapToDouble(i -> 10 * i).toArray();
    double[][] values = new double[steps.length][];
    for (int at = 0; at < steps.length; at++) {
      values[at] = new double[] {steps[at] < fall ? 0.5 : 0.01, steps[at] < first ? 0.9 : 0.1};
    }
    Curve curve = new Curve(List.of("test.loss", "train.loss"), steps, values);
    return new StoredRun(run.run(), new Outcome(Outcome.State.COMPLETE, 5000, "", 1, 2.5), curve);
  }

  @Test
  void runs_are_watched_until_a_stop_that_may_come_before_they_emerge() {
    IntToDoubleFunction first = seed -> 200 + 10 * (seed * 7 % 30);
    IntToDoubleFunction fall = seed -> 10 * Math.ceil(-40 * Math.log(1 - share(seed)));
    List<Wait> expected = new ArrayList<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      double end = 2 * first.applyAsDouble(seed);
      double time = fall.applyAsDouble(seed);
      expected.add(time > end ? new Wait(end, true, end) : new Wait(time, false, end));
    }
    assertThat(expected).extracting(Wait::censored).contains(true);
    assertThat(stopped("first", first, fall))
        .isEqualTo(Exponentiality.of(expected, 10, 0, 500).p());
  }

  @Test
  void a_stop_that_only_follows_from_what_emerged_ends_no_watch() {
    IntToDoubleFunction fall = seed -> 10 * Math.ceil(-40 * Math.log(1 - share(seed)));
    List<Wait> expected = new ArrayList<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      expected.add(new Wait(fall.applyAsDouble(seed), false, 5000));
    }
    assertThat(stopped("plateau", seed -> 1e9, fall))
        .isEqualTo(Exponentiality.of(expected, 10, 0, 500).p());
  }

  /** 30 toy models whose loss falls between two rows that stand close together. */
  private static ClaimReport integrated(String optimizer, double before, IntToDoubleFunction fall) {
    Plan plan =
        Fabricated.planOf(
            """
            dsl: 1
            name: integrated
            task: {kind: linear_regression, dim: 4, sequence_length: 16, relevant_position: last, relevant_feature: false}
            architecture: {kind: toy, dynamics: full, initialization: normal}
            training: {optimizer: %s, max_steps: 5000, max_time: 5000}
            seeds: {count: 30}
            sweeps: {one: {}}
            measurement: {evaluate_every: 50, thresholds: {plateau: {metric: test.loss, below: 0.1}}}
            claims: {waits: {kind: exponential, data: one, threshold: plateau, expect: exponential, resamples: 500}}
            """
                .formatted(optimizer));
    Map<String, StoredRun> runs = new HashMap<>();
    for (PlannedRun run : plan.runs()) {
      double at = fall.applyAsDouble(run.run().seed());
      double[] times = {0, at - before, at, 5000};
      double[][] losses = {{0.5}, {0.1}, {0.09}, {0.01}};
      Curve curve = new Curve(List.of("test.loss"), times, losses);
      Outcome end = new Outcome(Outcome.State.COMPLETE, 5000, "", 1, 2.5);
      runs.put(run.id(), new StoredRun(run.run(), end, curve));
    }
    return Analysis.of(plan, runs).claims().get("waits");
  }

  @Test
  void waits_of_integrated_models_are_as_exact_as_their_crossings() {
    IntToDoubleFunction exact = seed -> 6 - 4 * Math.log(1 - share(seed));
    ClaimReport flow = integrated("{kind: gradient_flow}", 1e-9, exact);
    double sum = IntStream.range(1, SEEDS).mapToDouble(exact::applyAsDouble).sum();
    double mean = sum / (SEEDS - 1) - exact.applyAsDouble(0);
    assertThat((double) flow.numbers().get("mean_wait")).isCloseTo(mean, within(1e-6));
    assertThat((double) flow.numbers().get("p")).isGreaterThan(0.05);
    assertThat(flow.reason()).startsWith("29 waits (29 emerged) from t = 6.067 on");
    IntToDoubleFunction steps = seed -> 4 + 3 * seed;
    ClaimReport descent = integrated("{kind: sgd}", 1, steps);
    assertThat((double) descent.numbers().get("mean_wait")).isCloseTo(45, within(1e-9));
    assertThat(descent.reason()).startsWith("29 waits (29 emerged) from step 4 on");
  }

  private static double pWith(int maxSteps) {
    Plan plan =
        Fabricated.planOf(
            """
            dsl: 1
            name: sparse
            task: {kind: linear_regression, dim: 16, sequence_length: 64}
            training: {max_steps: %d}
            seeds: {count: 30}
            sweeps: {one: {}}
            measurement: {evaluate_every: 250, thresholds: {plateau: {metric: test.loss, below: 0.1}}}
            claims: {waits: {kind: exponential, data: one, threshold: plateau, expect: exponential, after: 0, resamples: 500}}
            """
                .formatted(maxSteps));
    Map<String, StoredRun> runs = new HashMap<>();
    for (PlannedRun run : plan.runs()) {
      double fall = -1500 * Math.log(1 - share(run.run().seed()));
      double[] steps = IntStream.rangeClosed(0, 4).mapToDouble(i -> 250 * i).toArray();
      double[][] losses = new double[steps.length][];
      for (int at = 0; at < steps.length; at++) {
        losses[at] = new double[] {steps[at] < fall ? 0.5 : 0.01};
      }
      Curve curve = new Curve(List.of("test.loss"), steps, losses);
      Outcome end = new Outcome(Outcome.State.COMPLETE, maxSteps, "", 1, 2.5);
      runs.put(run.id(), new StoredRun(run.run(), end, curve));
    }
    return (double) Analysis.of(plan, runs).claims().get("waits").numbers().get("p");
  }

  @Test
  void steps_after_the_last_evaluation_are_no_watch() {
    assertThat(pWith(1200)).isEqualTo(pWith(1000));
  }
}
