package dev.emergence.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.execute.run.Standing;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Disk;
import dev.emergence.result.Outcome;
import dev.emergence.result.ResultsFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderReaderTest {
  private static final int ROUNDS = 8;

  @Test
  void a_run_whose_continuation_was_interrupted_shows_the_rows_of_that(@TempDir Path root)
      throws Exception {
    Plan plan = Yaml.plan(Folders.PLANE, "measurement.stop={never: true}");
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    PlannedRun run = plan.runs().get(0);
    folder.run(run.id()).complete(Folders.record(run, Outcome.State.COMPLETE, 200, ""));
    FolderReader reader = new FolderReader(plan, folder, "");
    assertThat(reader.read().get(0).word()).isEqualTo("to continue");
    Folders.begin(folder, run, 260);
    RunView view = reader.read().get(0);
    assertThat(view.word()).isEqualTo("interrupted");
    assertThat(view.standing().step()).isEqualTo(260);
    assertThat(view.curve().steps()).hasSize(27);
    assertThat(view.written()).isPositive();
  }

  @Test
  void ended_runs_are_looked_at_once_in_eight_rounds_and_others_as_often_as_they_need(
      @TempDir Path root) throws Exception {
    Plan plan = Folders.mixed(root, Folders.PLANE);
    FolderReader reader = new FolderReader(plan, ResultsFolder.open(root, Disk.local()), "");
    List<List<RunView>> rounds = new ArrayList<>();
    for (int round = 0; round <= ROUNDS; round++) {
      rounds.add(reader.read());
    }
    Map<Standing.State, Integer> looks =
        Map.of(Standing.State.COMPLETE, 1, Standing.State.DIVERGED, 1, Standing.State.TO_DO, 0);
    for (int run = 0; run < plan.runs().size(); run++) {
      int looked = 0;
      for (int round = 1; round <= ROUNDS; round++) {
        looked += rounds.get(round).get(run) == rounds.get(round - 1).get(run) ? 0 : 1;
      }
      Standing.State state = rounds.get(0).get(run).standing().state();
      assertThat(looked)
          .as("looks at a run that is %s", state)
          .isEqualTo(looks.getOrDefault(state, ROUNDS));
    }
  }
}
