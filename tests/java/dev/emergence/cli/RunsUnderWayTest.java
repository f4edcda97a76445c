package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What runs that have begun add to the {@link RemainingTime}. */
class RunsUnderWayTest {
  private static List<PlannedRun> alike(int count) {
    return Yaml.plan(
            Yaml.TINY
                .replace("seeds: {first: 3, count: 2}", "seeds: {first: 3, count: " + count + "}")
                .replaceAll("(?s)sweeps:.*", ""))
        .runs();
  }

  @Test
  void the_last_run_has_its_whole_time_however_many_were_side_by_side() {
    List<PlannedRun> runs = alike(4);
    RemainingTime time = new RemainingTime();
    time.open(runs);
    runs.forEach(run -> time.started(run, 0, 0));
    runs.subList(0, 3).forEach(run -> time.ended(run, 60, 10));
    time.at(runs.get(3), 20, 60, 10);
    assertThat(time.seconds(10).orElseThrow()).isCloseTo(20, within(1e-6));
  }

  @Test
  void a_run_that_is_none_of_those_to_be_done_takes_no_time_of_them() {
    List<PlannedRun> runs = alike(3);
    RemainingTime time = new RemainingTime();
    time.open(runs.subList(0, 2));
    time.started(runs.get(0), 0, 0);
    time.ended(runs.get(0), 60, 10);
    time.started(runs.get(2), 0, 10);
    time.at(runs.get(2), 30, 60, 12);
    assertThat(time.seconds(12).orElseThrow()).isCloseTo(10, within(1e-6));
  }

  /** Its worst steps are no end that is known. */
  @Test
  void a_run_beyond_its_expected_steps_goes_on_for_a_quarter_of_what_it_has_done() {
    PlannedRun run = Yaml.plan(Yaml.TINY, "training.max_steps=100000").runs().get(0);
    double at = 2 * run.cost().expectedSteps();
    assertThat(run.cost().worstSteps()).isGreaterThan(1.25 * at);
    RemainingTime time = new RemainingTime();
    time.open(List.of(run));
    time.started(run, 0, 0);
    time.at(run, at, run.cost().worstSteps(), 40);
    assertThat(time.seconds(40).orElseThrow()).isCloseTo(10, within(1e-6));
  }

  /** It has no speed yet, and no steps to go. */
  @Test
  void a_run_that_goes_on_at_its_end_leaves_the_time_known() {
    List<PlannedRun> runs = alike(2);
    RemainingTime time = new RemainingTime();
    time.open(runs);
    time.started(runs.get(0), 0, 0);
    time.ended(runs.get(0), 60, 10);
    time.started(runs.get(1), 50, 10);
    time.at(runs.get(1), 50, 50, 12);
    assertThat(time.seconds(12).orElseThrow()).isBetween(0.0, 10.0);
  }
}
