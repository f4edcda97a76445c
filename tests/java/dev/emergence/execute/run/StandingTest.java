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
    PlannedRun run = Yaml.plan(Fabricated.BASE, "measurement.stop=" + stop).runs().get(0);
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
}
