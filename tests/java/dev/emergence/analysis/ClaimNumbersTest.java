package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers of claims, counted or computed by hand. */
class ClaimNumbersTest {

  private static Analysis analyse(Plan plan, Function<PlannedRun, Curve> curve) {
    Map<String, StoredRun> runs = new HashMap<>();
    for (PlannedRun run : plan.runs()) {
      double last = run.run().config().training().maxSteps();
      Outcome outcome = new Outcome(Outcome.State.COMPLETE, last, "", 1, 2.5);
      runs.put(run.id(), new StoredRun(run.run(), outcome, curve.apply(run)));
    }
    return Analysis.of(plan, runs);
  }

  private static Curve curve(List<String> columns, int rows, Function<Double, double[]> row) {
    double[] steps = new double[rows];
    Arrays.setAll(steps, i -> i * Fabricated.EVERY);
    return new Curve(
        columns, steps, Arrays.stream(steps).mapToObj(row::apply).toArray(double[][]::new));
  }

  /**
   * The early number is the mean over the eleven evaluations up to step 100, of which the last is
   * larger by a part of its own.
   */
  @Test
  void an_early_number_is_the_mean_up_to_the_step_that_is_named() {
    double[] early = {0.1, 0.25, 0.2, 0.4, 0.3, 0.35, 0.9};
    double[] last = {0.11, 0, 0.33, 0.22, 0.44, 0.11, 0};
    double[] times = {3000, 2200, 1500, 1400, 900, 610, 100};
    Plan plan =
        Fabricated.plan(
            """
            seeds: {count: 7}
            sweeps: {one: {}}
            claims: {early: {kind: early_warning, data: one, threshold: plateau, metric: attention.relevant, until: 100, resamples: 100}}
            """);
    Analysis analysis =
        analyse(
            plan,
            run -> {
              int seed = run.run().seed();
              return curve(
                  List.of("test.loss", "attention.relevant"),
                  501,
                  step ->
                      new double[] {
                        step < times[seed] ? 0.5 : 0.01,
                        step < 100 ? early[seed] : step > 100 ? 0.7 : early[seed] + last[seed]
                      });
            });
    Map<String, Object> numbers = analysis.claims().get("early").numbers();
    // The last seed had emerged at step 100.
    assertThat(numbers).containsEntry("runs", 6).containsEntry("emerged_before", 1);
    double[] x = new double[6];
    double[] y = new double[6];
    Arrays.setAll(x, i -> early[i] + last[i] / 11);
    Arrays.setAll(y, i -> Math.log(times[i]));
    double mx = Arrays.stream(x).average().orElseThrow();
    double sxy = 0;
    double sxx = 0;
    for (int i = 0; i < 6; i++) {
      sxy += (x[i] - mx) * y[i];
      sxx += (x[i] - mx) * (x[i] - mx);
    }
    assertThat((double) numbers.get("slope")).isCloseTo(sxy / sxx, within(1e-9));
  }

  /**
   * Each row falls over ten evaluations, and is known at the last of them. At four before it the
   * whole loss is more than half a rung below the ladder. All evaluations count from the first row
   * that is known to the last, or to the end where one never is.
   */
  @ParameterizedTest(name = "{0} of 6 rows")
  @CsvSource({"6, 131, 151", "5, 425, 441"})
  void the_share_of_evaluations_on_the_ladder_is_counted(int rows, double on, double all) {
    Plan plan =
        Fabricated.planOf(
            """
            dsl: 1
            name: ladder
            seeds: {count: 1}
            sweeps: {one: {}}
            task: {kind: linear_map, cells: 6, parents: 2}
            training: {max_steps: 5000}
            measurement:
              evaluate_every: 10
              thresholds: {rows: {metric: test.loss.row.*, below: 0.1}}
            claims: {steps: {kind: ladder, data: one, threshold: rows, on_rungs: 0.8, alone: 0.9}}
            """);
    List<String> columns = new ArrayList<>(List.of("test.loss"));
    for (int row = 0; row < 6; row++) {
      columns.add("test.loss.row." + row);
    }
    Analysis analysis =
        analyse(
            plan,
            run ->
                curve(
                    columns,
                    501,
                    step -> {
                      double[] values = new double[7];
                      double sum = 5 * Math.log(2);
                      for (int row = 0; row < 6; row++) {
                        double done = row < rows ? (step - 505 - 300 * row) / 100 : 0;
                        values[1 + row] = Math.log(2) * (1 - Math.max(0, Math.min(1, done)));
                        sum += values[1 + row];
                      }
                      values[0] = sum / 11;
                      return values;
                    }));
    Map<String, Object> numbers = analysis.claims().get("steps").numbers();
    assertThat((double) numbers.get("on_rungs")).isCloseTo(on / all, within(1e-12));
    assertThat(numbers).containsEntry("alone", 1.0);
  }

  /** One seed never got so far as the other; it may have emerged just after its stop, or never. */
  @Test
  void a_seed_that_was_stopped_early_is_not_the_smallest_of_a_range() {
    Plan plan =
        Fabricated.plan(
            """
            seeds: {count: 2}
            sweeps:
              main:
                grid: {task.dim: [16]}
                set:
                  measurement.stop: {when: plateau, extra: 0%}
                  measurement.thresholds.hard: {metric: test.loss, below: 0.001}
            claims: {far: {kind: seed_range, data: main, of: hard.steps, at_least: 2}}
            """);
    Analysis analysis =
        analyse(
            plan,
            run -> {
              boolean first = run.run().seed() == 0;
              double end = first ? 100 : 300;
              return curve(
                  List.of("test.loss"),
                  (int) end / 10 + 1,
                  step -> new double[] {step < end ? 0.5 : first ? 0.01 : 0.0001});
            });
    assertThat(analysis.claims().get("far").judged())
        .isEqualTo(new Bounds(1, Double.POSITIVE_INFINITY));
  }

  @ParameterizedTest
  @CsvSource({"1000, 5000", "5000, 1000"})
  void a_run_that_sweeps_share_is_seen_as_far_as_any_of_them_goes(int first, int second) {
    Plan plan =
        Fabricated.plan(
            """
            seeds: {count: 2}
            sweeps:
              a: {grid: {task.dim: [16]}, set: {training.max_steps: %d}}
              b: {grid: {task.dim: [16]}, set: {training.max_steps: %d}}
            """
                .formatted(first, second));
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, seed) -> 2000));
    assertThat(analysis.runs()).extracting(Observation::end).containsExactly(5000.0, 5000.0);
  }

  @Test
  void runs_that_emerged_before_waiting_begins_may_have_done_so_before_training() {
    assertThat(waits("", seed -> seed < 2 ? 0 : 100 * seed).reason())
        .startsWith("2 of 9 runs had passed plateau before training");
    ClaimReport after = waits("after: 100, ", seed -> seed < 2 ? 0 : 100 * seed);
    assertThat(after.reason()).doesNotContain("before training");
    assertThat(after.numbers()).containsEntry("emerged", 7);
  }

  private static ClaimReport waits(String after, IntToDoubleFunction time) {
    Plan plan =
        Fabricated.plan(
            """
            seeds: {count: 9}
            sweeps: {one: {}}
            claims: {waits: {kind: exponential, data: one, threshold: plateau, %s resamples: 100, expect: exponential}}
            """
                .formatted(after));
    return Analysis.of(plan, Fabricated.runs(plan, (c, seed) -> time.applyAsDouble(seed)))
        .claims()
        .get("waits");
  }
}
