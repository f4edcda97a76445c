package dev.emergence.execute.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.analysis.Fabricated;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Disk;
import dev.emergence.result.Outcome;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.ExecutionSpec;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandingTest {
  @TempDir private Path root;

  /** A run that emerged at step 300 and was trained to 360, in a file that now has another stop. */
  private Standing emerged(String stop) throws Exception {
    String[] sets = {"measurement.stop=" + stop, "measurement.attention.pictures_at=[]"};
    PlannedRun run = Yaml.plan(Fabricated.BASE, sets).runs().get(0);
    StoredRun whole = Fabricated.stored(run.run(), 300, Outcome.State.COMPLETE);
    Outcome outcome = new Outcome(Outcome.State.COMPLETE, 360, "", 1, 2.5);
    ExecutionSpec spec = Yaml.experiment(Fabricated.BASE).execution();
    return Standing.of(
        run,
        ResultsFolder.open(root, Disk.local()),
        Optional.of(new StoredRun(whole.run(), outcome, whole.curve())),
        spec);
  }

  @Test
  void a_run_that_has_emerged_ends_where_a_later_stop_says() throws Exception {
    Standing standing = emerged("{when: plateau, extra: 80%}");
    assertThat(standing.state()).isEqualTo(Standing.State.TO_CONTINUE);
    assertThat(standing.end()).isEqualTo(540);
    assertThat(standing.expectedEnd(4000)).isEqualTo(540);
  }

  @Test
  void a_run_that_nothing_stops_ends_at_its_limit() throws Exception {
    assertThat(emerged("{never: true}").expectedEnd(5000)).isEqualTo(5000);
  }

  @Test
  void a_run_that_has_ended_has_ended_where_it_did() throws Exception {
    Standing standing = emerged("{when: plateau, extra: 20%}");
    assertThat(standing.state()).isEqualTo(Standing.State.COMPLETE);
    assertThat(standing.expectedEnd(4000)).isEqualTo(360);
    assertThat(new Standing(standing.run(), Standing.State.DIVERGED, 70, 1, "NaN").expectedEnd(90))
        .isEqualTo(70);
  }

  @Test
  void a_run_that_keeps_no_state_begins_again() throws Exception {
    assertThat(emerged("{when: plateau, extra: 80%}").step()).isZero();
    assertThat(emerged("{when: plateau, extra: 20%}").step()).isEqualTo(360);
  }

  /** Five quarters of what it has done, unless the law or its limit says otherwise. */
  @Test
  void a_run_that_has_gone_further_than_expected_goes_on_for_a_while() throws Exception {
    PlannedRun run = emerged("{when: plateau}").run();
    Standing standing = new Standing(run, Standing.State.RUNNING, 2000, 5, "");
    assertThat(standing.expectedEnd(1000)).isEqualTo(2500);
    assertThat(standing.expectedEnd(3000)).isEqualTo(3000);
    assertThat(new Standing(run, Standing.State.RUNNING, 4800, 5, "").expectedEnd(1000))
        .isEqualTo(5000);
  }
}
