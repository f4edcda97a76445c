package dev.emergence.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.execute.run.Standing;
import dev.emergence.execute.run.Standing.State;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Curve;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How long the rest takes, as the page of a sweep tells it. */
class TimeLeftTest {
  private static final List<PlannedRun> RUNS =
      Yaml.plan(
              Yaml.TINY
                  .replace("seeds: {first: 3, count: 2}", "seeds: {first: 3, count: 16}")
                  .replaceAll("(?s)sweeps:.*", ""),
              "training.max_steps=100000")
          .runs();

  private static final double EXPECTED = RUNS.get(0).cost().expectedSteps();

  private final List<RunView> views = new ArrayList<>();

  /** Adds a run that stands at a share of its expected steps. */
  private void add(State state, double share, double seconds) {
    add(state, share, seconds, Set.of());
  }

  private void add(State state, double share, double seconds, Set<Double> ends) {
    PlannedRun run = RUNS.get(views.size());
    Standing standing = new Standing(run, state, share * EXPECTED, seconds, "");
    Curve none = new Curve(List.of(), new double[0], new double[0][]);
    views.add(new RunView(run.id(), run, standing, Optional.empty(), none, ends, false, 0, 0));
  }

  private double told(String key) {
    return (double) TimeLeft.of(views).get(key);
  }

  @Test
  void runs_need_as_many_steps_of_those_predicted_as_the_ended_ones_did() {
    for (double share : new double[] {0.5, 1, 4}) {
      add(State.COMPLETE, share, 10 * share);
    }
    add(State.RUNNING, 0.25, 0);
    add(State.RUNNING, 0, 0);
    // 10 s for as many steps as are expected, and two runs at a time.
    assertThat(told("seconds")).isCloseTo((0.75 + 1) * 10 / 2, within(1e-9));
    assertThat(told("low")).isCloseTo((0.25 + 0.5) * 10 / 2, within(1e-9));
    assertThat(told("high")).isCloseTo((3.75 + 4) * 10 / 2, within(1e-9));
    assertThat(TimeLeft.of(views).get("assumes"))
        .isEqualTo(
            "2 runs at a time as now, and as many steps of those predicted as the 3 that have"
                + " ended");
  }

  /** The same step as in plan, status and the line of run: a quarter more than it has taken. */
  @Test
  void a_run_beyond_its_share_ends_where_the_console_expects_it() {
    add(State.COMPLETE, 1, 10);
    add(State.RUNNING, 2, 0);
    double end = views.get(1).standing().expectedEnd(EXPECTED);
    assertThat(end).isCloseTo(2.5 * EXPECTED, within(1e-9 * EXPECTED));
    assertThat(told("seconds")).isCloseTo((end / EXPECTED - 2) * 10, within(1e-9));
  }

  @Test
  void no_run_is_expected_beyond_its_worst() {
    double worst = RUNS.get(0).cost().worstSteps() / EXPECTED;
    add(State.COMPLETE, 3 * worst, 30 * worst);
    add(State.RUNNING, 0, 0);
    assertThat(told("seconds")).isCloseTo(10 * worst, within(1e-6 * worst));
    add(State.RUNNING, 0.99 * worst, 0);
    assertThat(told("seconds")).isCloseTo(10 * 1.01 * worst / 2, within(1e-6 * worst));
  }

  /** The later of its ends, if conditions share it, and none that is its limit. */
  @Test
  void a_run_that_has_emerged_goes_on_to_its_end() {
    add(State.COMPLETE, 1, 10);
    add(State.RUNNING, 0.5, 0, Set.of(0.6 * EXPECTED, 0.8 * EXPECTED));
    assertThat(told("seconds")).isCloseTo(0.3 * 10, within(1e-9));
    assertThat(told("high")).isEqualTo(told("low"));
    views.remove(1);
    add(State.RUNNING, 0.5, 0, Set.of(0.4 * EXPECTED));
    assertThat(told("seconds")).isZero();
    views.remove(1);
    add(State.RUNNING, 0.5, 0, Set.of(RUNS.get(0).cost().worstSteps()));
    assertThat(told("seconds")).isCloseTo(0.5 * 10, within(1e-9));
  }

  @Test
  void runs_that_failed_and_runs_of_no_known_time_say_nothing() {
    add(State.COMPLETE, 1, 10);
    add(State.COMPLETE, 8, 0);
    add(State.FAILED, 0.5, 3);
    add(State.RUNNING, 0, 0);
    assertThat(told("seconds")).isCloseTo(10, within(1e-9));
    views.remove(3);
    assertThat(TimeLeft.of(views)).containsEntry("assumes", "nothing is left to do");
    assertThat(told("seconds")).isZero();
  }

  @Test
  void what_is_not_known_has_a_reason() {
    add(State.RUNNING, 0.5, 0);
    Map<String, Object> first = TimeLeft.of(views);
    assertThat(first).containsEntry("seconds", null);
    assertThat(first).containsEntry("assumes", "known when the first run has ended");
    views.clear();
    add(State.COMPLETE, 1, 10);
    add(State.INTERRUPTED, 0.5, 0);
    assertThat(TimeLeft.of(views)).containsEntry("assumes", "nobody works on it now");
  }
}
