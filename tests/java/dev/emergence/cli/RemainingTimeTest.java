package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.execute.run.Standing;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Work simulated on a clock of its own. */
class RemainingTimeTest {
  /**
   * Runs of very different cost: the dearest takes a hundred times the operations of the cheapest.
   */
  private static final List<PlannedRun> RUNS =
      Yaml.plan(
              Yaml.TINY
                  .replace("seeds: {first: 3, count: 2}", "seeds: {first: 3, count: 1}")
                  .replaceAll(
                      "(?s)sweeps:.*",
                      "sweeps: {s: {grid: {task.dim: [8, 16, 24, 32, 48, 64],"
                          + " task.sequence_length: [16, 32, 48, 64, 96, 128, 192, 256, 384, 512]}}}"))
          .runs();

  /** What is shown of the time that is left, and what was left in truth. */
  private record Shown(double told, double truth) {
    double off() {
      return Math.max(told / truth, truth / told);
    }
  }

  /** One run after the other; what is told after each. */
  private static List<Shown> work(DoubleUnaryOperator seconds, double noise, Random random) {
    List<Double> durations = new ArrayList<>();
    for (PlannedRun run : RUNS) {
      durations.add(
          seconds.applyAsDouble(run.cost().expected())
              * (1 + noise * (2 * random.nextDouble() - 1)));
    }
    double left = durations.stream().mapToDouble(d -> d).sum();
    double clock = 1000;
    RemainingTime time = new RemainingTime();
    time.open(RUNS);
    List<Shown> out = new ArrayList<>();
    for (int i = 0; i < RUNS.size() - 1; i++) {
      time.started(RUNS.get(i), 0, clock);
      clock += durations.get(i);
      left -= durations.get(i);
      assertThat(time.ended(RUNS.get(i), RUNS.get(i).cost().expectedSteps(), clock)).isTrue();
      out.add(new Shown(time.seconds(clock).orElseThrow(), left));
    }
    return out;
  }

  /** The cheapest runs come first, so a tenth of them speaks for work a hundred times as dear. */
  @Test
  void after_a_tenth_of_the_runs_the_time_left_is_right_within_a_factor_of_two() {
    Random random = new Random(1);
    List<Double> worst = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      double exponent = random.nextDouble();
      List<Shown> shown =
          work(ops -> 1e-3 * Math.pow(ops / 1e3, exponent), 0.1 * random.nextDouble(), random);
      worst.add(
          shown.subList(RUNS.size() / 10 - 1, RUNS.size() - 3).stream()
              .mapToDouble(Shown::off)
              .max()
              .orElseThrow());
    }
    assertThat(worst).allSatisfy(off -> assertThat(off).isLessThan(2));
  }

  @Test
  void nothing_is_told_before_anything_is_known() {
    RemainingTime time = new RemainingTime();
    time.open(RUNS);
    assertThat(time.seconds(5)).isEqualTo(OptionalDouble.empty());
    assertThat(time.share(5)).isZero();
  }

  @Test
  void steps_of_an_earlier_start_are_no_speed_of_this_one() {
    PlannedRun run = RUNS.get(0);
    double steps = run.cost().worstSteps();
    RemainingTime time = new RemainingTime();
    time.open(List.of(run));
    time.started(run, 0.3 * steps, 100);
    time.at(run, 0.5 * steps, steps, 110);
    double told = time.seconds(110).orElseThrow();
    // 20% of the steps took 10 s; the run ends at the earliest where it stands.
    assertThat(told).isBetween(0.0, 10 * 0.5 / 0.2 + 1e-9);
    time.at(run, 0.6 * steps, 0.9 * steps, 115);
    assertThat(time.seconds(115).orElseThrow()).isCloseTo(15, within(1e-6));
    assertThat(time.share(115)).isCloseTo(0.5, within(1e-6));
  }

  @Test
  void of_runs_that_go_on_only_what_is_left_of_them_counts() {
    List<PlannedRun> runs = alike(3);
    RemainingTime time = new RemainingTime();
    time.open(runs);
    double end = 0.9 * runs.get(0).cost().worstSteps();
    double from = 0.8 * runs.get(0).cost().worstSteps();
    time.begun(
        runs.stream()
            .map(r -> new Standing(r, Standing.State.TO_CONTINUE, from, 5, "", end))
            .toList());
    time.started(runs.get(0), from, 100);
    time.ended(runs.get(0), end, 110);
    assertThat(time.seconds(110).orElseThrow()).isCloseTo(20, within(1e-6));
    time.started(runs.get(1), from, 110);
    time.ended(runs.get(1), end, 120);
    time.started(runs.get(2), from, 120);
    time.ended(runs.get(2), end, 130);
    assertThat(time.seconds(130).orElseThrow()).isZero();
  }

  @Test
  void runs_that_take_longer_than_their_law_says_teach_about_the_others() {
    List<PlannedRun> alike = Yaml.plan(Yaml.TINY, "training.max_steps=100000").runs();
    RemainingTime time = new RemainingTime();
    time.open(alike);
    double expected = alike.get(0).cost().expectedSteps();
    time.started(alike.get(0), 0, 0);
    time.ended(alike.get(0), 40 * expected, 8);
    assertThat(time.seconds(8).orElseThrow()).isBetween(20.0, 80.0);
  }

  @Test
  void several_runs_at_a_time_share_what_is_left() {
    RemainingTime time = new RemainingTime();
    List<PlannedRun> runs = RUNS.subList(0, 8);
    time.open(runs);
    for (int i = 0; i < 4; i++) {
      time.started(runs.get(i), 0, 0);
    }
    double alone = 0;
    for (int i = 0; i < 4; i++) {
      time.ended(runs.get(i), runs.get(i).cost().expectedSteps(), 10);
    }
    for (int i = 4; i < 8; i++) {
      alone += 10 * Math.sqrt(runs.get(i).cost().expected() / runs.get(0).cost().expected());
    }
    assertThat(time.seconds(10).orElseThrow()).isLessThan(alone / 2);
  }

  @Test
  void a_run_that_ends_twice_or_was_never_asked_for_is_not_counted() {
    RemainingTime time = new RemainingTime();
    time.open(RUNS.subList(0, 1));
    assertThat(time.ended(RUNS.get(0), 10, 1)).isTrue();
    assertThat(time.ended(RUNS.get(0), 10, 2)).isFalse();
    assertThat(time.ended(RUNS.get(1), 10, 3)).isFalse();
    assertThat(time.seconds(3)).isEmpty();
  }

  private static List<PlannedRun> alike(int count) {
    return Yaml.plan(
            Yaml.TINY
                .replace("seeds: {first: 3, count: 2}", "seeds: {first: 3, count: " + count + "}")
                .replaceAll("(?s)sweeps:.*", ""))
        .runs();
  }

  /** Each run computes for 2 ms; between two of them, 6 ms pass with claiming and reading files. */
  @Test
  void time_between_very_short_runs_is_part_of_the_time_left() {
    List<PlannedRun> runs = alike(100);
    RemainingTime time = new RemainingTime();
    time.open(runs);
    double clock = 0;
    for (int i = 0; i < 20; i++) {
      time.started(runs.get(i), 0, clock);
      clock += 0.002;
      time.ended(runs.get(i), 60, clock);
      if (i > 2) {
        assertThat(time.seconds(clock).orElseThrow()).isCloseTo(0.008 * (99 - i), within(1e-6));
        assertThat(time.share(clock)).isCloseTo((i + 1) / 100.0, within(0.01));
      }
      clock += 0.006;
    }
  }

  /** Of two places, one is free for half of the time. */
  @Test
  void time_between_runs_counts_for_each_place() {
    List<PlannedRun> runs = alike(100);
    RemainingTime time = new RemainingTime();
    time.open(runs);
    for (int i = 0; i < 20; i += 2) {
      time.started(runs.get(i), 0, i);
      time.started(runs.get(i + 1), 0, i);
      time.ended(runs.get(i), 60, i + 1);
      time.ended(runs.get(i + 1), 60, i + 1);
    }
    assertThat(time.seconds(19).orElseThrow()).isCloseTo(80, within(2));
  }

  /** Writing that now and then takes long makes the mean larger than what most runs take. */
  @Test
  void few_slow_runs_among_short_ones_count_with_their_whole_time() {
    List<PlannedRun> runs = alike(1000);
    RemainingTime time = new RemainingTime();
    time.open(runs);
    double clock = 0;
    for (int i = 0; i < 400; i++) {
      time.started(runs.get(i), 0, clock);
      clock += i % 10 == 9 ? 0.200 : 0.002;
      time.ended(runs.get(i), 60, clock);
    }
    assertThat(time.seconds(clock).orElseThrow()).isCloseTo(600 * 0.0218, within(0.01));
  }

  /** The cheapest run of the list takes 8 ms, and as long again passes after each run. */
  @Test
  void time_between_runs_does_not_grow_with_their_cost() {
    RemainingTime time = new RemainingTime();
    time.open(RUNS);
    double clock = 0;
    double least = RUNS.get(0).cost().expected();
    double left = 0;
    for (int i = 0; i < RUNS.size(); i++) {
      double seconds = 0.008 * RUNS.get(i).cost().expected() / least;
      if (i < 20) {
        time.started(RUNS.get(i), 0, clock);
        clock += seconds;
        time.ended(RUNS.get(i), RUNS.get(i).cost().expectedSteps(), clock);
        clock += 0.008;
      } else {
        left += seconds + 0.008;
      }
    }
    assertThat(time.seconds(clock).orElseThrow()).isBetween(0.8 * left, 1.2 * left);
  }

  /** As long again passes after each run as it took. */
  @Test
  void time_between_runs_is_no_longer_of_a_cheap_run_than_in_proportion() {
    RemainingTime time = new RemainingTime();
    time.open(RUNS);
    double clock = 0;
    double left = 0;
    for (int i = RUNS.size() - 1; i >= 0; i--) {
      double seconds = 1e-9 * RUNS.get(i).cost().expected();
      if (i >= RUNS.size() - 20) {
        time.started(RUNS.get(i), 0, clock);
        clock += seconds;
        time.ended(RUNS.get(i), RUNS.get(i).cost().expectedSteps(), clock);
        clock += seconds;
      } else {
        left += 2 * seconds;
      }
    }
    assertThat(time.seconds(clock).orElseThrow()).isBetween(0.7 * left, 1.4 * left);
  }

  @Test
  void runs_that_another_process_ended_are_no_time_between_runs() {
    List<PlannedRun> runs = alike(100);
    RemainingTime time = new RemainingTime();
    time.open(runs);
    for (int i = 0; i < 20; i += 2) {
      time.started(runs.get(i), 0, 10 * i);
      time.ended(runs.get(i), 60, 10 * i + 1);
      time.ended(runs.get(i + 1), 60, 10 * i + 20);
    }
    assertThat(time.seconds(200).orElseThrow()).isCloseTo(80, within(1e-6));
  }

  /** Of 600 runs that have ended, the last 200 are taken, between which no time passed. */
  @Test
  void time_between_runs_of_long_ago_is_forgotten() {
    List<PlannedRun> runs = alike(700);
    RemainingTime time = new RemainingTime();
    time.open(runs);
    double clock = 0;
    for (int i = 0; i < 600; i++) {
      time.started(runs.get(i), 0, clock);
      clock += 2;
      time.ended(runs.get(i), 60, clock);
      clock += i < 395 ? 30 : 0;
    }
    assertThat(time.seconds(clock).orElseThrow()).isCloseTo(100 * 2, within(1e-6));
  }

  private static org.assertj.core.data.Offset<Double> within(double x) {
    return org.assertj.core.data.Offset.offset(x);
  }

  /** When what had ended was sorted anew for each run to come, this took hours. */
  @Test
  void a_large_sweep_has_its_time_left_after_each_run() {
    List<PlannedRun> runs = alike(20_000);
    RemainingTime time = new RemainingTime();
    time.open(runs);
    for (int i = 0; i < 3000; i++) {
      time.started(runs.get(i), 0, i);
      time.ended(runs.get(i), 60, i + 1);
      assertThat(time.seconds(i + 1).orElseThrow()).isCloseTo(19_999 - i, within(1e-6 * 20_000));
    }
  }
}
