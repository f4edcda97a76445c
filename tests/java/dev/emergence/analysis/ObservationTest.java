package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Edited;
import dev.emergence.measure.Emergence;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Run;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a condition sees of a run follows from the file alone, whatever else the folder has seen.
 */
class ObservationTest {
  private static final String TWO_STOPS =
      """
      sweeps:
        stops:
          set: {measurement.stop: {when: plateau, extra: 50%}}
          grid: {task.dim: [16]}
        goes_on: {grid: {task.dim: [16]}}
      """;

  @Test
  void a_condition_sees_a_run_up_to_its_own_stop_only() {
    Plan plan = Fabricated.plan(TWO_STOPS);
    Analysis analysis = Analysis.of(plan, falling(plan, 5000));
    Observation stops = analysis.cells("stops").get(0).seeds().get(0);
    Observation goesOn = analysis.cells("goes_on").get(0).seeds().get(0);
    // The loss is 40 / (step + 40): below 0.1 from 370 on, and 50 % more is 555, rounded up to 560.
    assertThat(stops.lastStep()).isEqualTo(560);
    assertThat(stops.value("test.loss")).contains(new Value(40.0 / 600, false));
    assertThat(goesOn.lastStep()).isEqualTo(5000);
    assertThat(goesOn.value("test.loss")).contains(new Value(40.0 / 5040, false));
    assertThat(stops.assignment().run()).isEqualTo(goesOn.assignment().run());
  }

  @ParameterizedTest
  @CsvSource({"560", "570", "900", "5000", "90000"})
  void however_long_the_run_was_trained_it_reads_the_same(int trained) {
    Plan plan = Fabricated.plan(TWO_STOPS).only(a -> a.condition().sweep().equals("stops"));
    Observation seen =
        Analysis.of(plan, falling(plan, trained)).cells("stops").get(0).seeds().get(0);
    assertThat(seen.lastStep()).isEqualTo(560);
    assertThat(seen.last("test.loss")).isEqualTo(40.0 / 600);
    assertThat(seen.ended()).contains(Outcome.State.COMPLETE);
  }

  @Test
  void the_tables_of_curves_end_where_the_file_ends() throws Exception {
    Plan plan = Fabricated.plan(TWO_STOPS).only(a -> a.condition().sweep().equals("stops"));
    Analysis asked = Analysis.of(plan, falling(plan, 560));
    Analysis longer = Analysis.of(plan, falling(plan, 9000));
    assertThat(TablesTest.curves(longer)).isEqualTo(TablesTest.curves(asked));
    assertThat(TablesTest.lines(RunTable.content(longer)))
        .isEqualTo(TablesTest.lines(RunTable.content(asked)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Outcome.State.class,
      names = {"DIVERGED", "FAILED"})
  void what_befalls_a_run_after_the_end_of_a_condition_does_not_count(Outcome.State befalls) {
    Plan plan = Fabricated.plan(TWO_STOPS);
    Map<String, StoredRun> runs = new HashMap<>();
    plan.runs().forEach(r -> runs.put(r.id(), Fabricated.stored(r.run(), 300, befalls)));
    // The run ends at 360, 20 % after its crossing; with a tail of 10 % it has ended before.
    Plan shorter = Fabricated.plan(Edited.text(TWO_STOPS, "extra: 50%", "extra: 10%"));
    Analysis analysis = Analysis.of(shorter, runs);
    Observation stops = analysis.cells("stops").get(0).seeds().get(0);
    assertThat(stops.ended()).contains(Outcome.State.COMPLETE);
    assertThat(stops.value("test.loss")).contains(new Value(0.01, false));
    assertThat(analysis.cells("goes_on").get(0).seeds().get(0).ended()).contains(befalls);
  }

  @Test
  void a_run_that_diverges_after_its_crossing_has_a_time_but_no_last_value() {
    Plan plan = Fabricated.plan("sweeps: {s: {grid: {task.dim: [16]}}}\n");
    Map<String, StoredRun> runs = new HashMap<>();
    plan.runs()
        .forEach(r -> runs.put(r.id(), Fabricated.stored(r.run(), 300, Outcome.State.DIVERGED)));
    Observation seen = Analysis.of(plan, runs).cells("s").get(0).seeds().get(0);
    assertThat(seen.state("plateau")).isEqualTo(State.REACHED);
    assertThat(seen.value("plateau.steps")).contains(new Value(300, false));
    assertThat(seen.value("test.loss")).isEmpty();
    assertThat(seen.ended()).contains(Outcome.State.DIVERGED);
  }

  @Test
  void unreached_is_claimed_only_up_to_the_last_evaluation() {
    Plan plan =
        Fabricated.plan(
            "sweeps: {s: {set: {measurement.evaluate_every: 150, training.max_steps: 149}}}\n");
    Map<String, StoredRun> runs = new HashMap<>();
    plan.runs().forEach(r -> runs.put(r.id(), measuredAtTheStartOnly(r.run())));
    Observation seen = Analysis.of(plan, runs).cells("s").get(0).seeds().get(0);
    assertThat(seen.lastStep()).isEqualTo(0);
    assertThat(seen.value("plateau.steps")).contains(new Value(0, true));
    assertThat(seen.emergence("plateau")).isEqualTo(new Emergence.Unreached("plateau", 0));
  }

  private static StoredRun measuredAtTheStartOnly(Run run) {
    Curve curve = new Curve(List.of("test.loss"), new double[] {0}, new double[][] {{0.5}});
    return new StoredRun(run, new Outcome(Outcome.State.COMPLETE, 149, "", 1, 1), curve);
  }

  /** Runs with loss 40 / (step + 40), measured every 10 steps. */
  private static Map<String, StoredRun> falling(Plan plan, int trained) {
    int rows = trained / 10 + 1;
    double[] steps = new double[rows];
    double[][] values = new double[rows][1];
    for (int row = 0; row < rows; row++) {
      steps[row] = 10 * row;
      values[row][0] = 40 / (steps[row] + 40);
    }
    Curve curve = new Curve(List.of("test.loss"), steps, values);
    Map<String, StoredRun> runs = new HashMap<>();
    plan.runs()
        .forEach(
            r ->
                runs.put(
                    r.id(),
                    new StoredRun(
                        r.run(), new Outcome(Outcome.State.COMPLETE, trained, "", 1, 1), curve)));
    return runs;
  }

  @ParameterizedTest
  @CsvSource({"0", "50", "550", "4990"})
  void a_run_that_others_wanted_shorter_is_missing_and_not_unreached(int trained) {
    Plan plan = Fabricated.plan(TWO_STOPS).only(a -> a.condition().sweep().equals("goes_on"));
    Observation seen =
        Analysis.of(plan, falling(plan, trained)).cells("goes_on").get(0).seeds().get(0);
    assertThat(seen.state("plateau")).isEqualTo(State.MISSING);
    assertThat(seen.value("test.loss")).isEmpty();
    assertThat(seen.ended()).isEmpty();
  }

  @Test
  void a_run_that_goes_beyond_its_stop_but_not_to_its_limit_is_whole() {
    Plan plan = Fabricated.plan(TWO_STOPS).only(a -> a.condition().sweep().equals("stops"));
    Observation early = Analysis.of(plan, falling(plan, 550)).cells("stops").get(0).seeds().get(0);
    assertThat(early.state("plateau")).isEqualTo(State.MISSING);
    Observation whole = Analysis.of(plan, falling(plan, 560)).cells("stops").get(0).seeds().get(0);
    assertThat(whole.state("plateau")).isEqualTo(State.REACHED);
  }
}
