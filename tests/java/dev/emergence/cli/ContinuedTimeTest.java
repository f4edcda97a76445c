package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.page.Folders;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Claims;
import dev.emergence.result.Disk;
import dev.emergence.result.Json;
import dev.emergence.result.Origin;
import dev.emergence.result.Outcome;
import dev.emergence.result.ProcessIdentity;
import dev.emergence.result.ResultsFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What plan and status say of runs that go on after their stop was changed. Seed 0 emerged at step
 * 70; nothing of its state is kept, so that it begins again, up to a known end.
 */
class ContinuedTimeTest {
  private static final String FILE =
      """
      dsl: 1
      name: fabricated
      task: {kind: linear_regression, dim: 16, sequence_length: 64}
      training: {max_steps: 100000}
      measurement:
        evaluate_every: 10
        thresholds: {plateau: {metric: test.loss, below: 0.1}}
        stop: {when: plateau, extra: 20%}
      seeds: {first: 0, count: 2}
      """;

  private static final String LATER = "measurement.stop.extra=300%";

  @TempDir private Path temp;
  private Path file;
  private Path out;
  private ResultsFolder folder;
  private List<PlannedRun> later;

  /** Seed 0 is to be continued, and seed 1 is complete. */
  @BeforeEach
  void store() throws Exception {
    file = Files.writeString(temp.resolve("continued.yaml"), FILE);
    out = temp.resolve("out");
    folder = ResultsFolder.open(out, Disk.local());
    Plan plan = Yaml.plan(FILE, LATER);
    folder.writePlan(plan, Origin.of("continued.yaml", FILE));
    later = plan.runs();
    Folders.store(folder, Yaml.plan(FILE).runs().get(0), Outcome.State.COMPLETE, "");
    Folders.store(folder, later.get(1), Outcome.State.COMPLETE, "");
  }

  private static double number(Map<?, ?> told, String name) {
    return ((Number) told.get(name)).doubleValue();
  }

  private double end(int seed) throws Exception {
    return folder.load(later.get(seed).id()).orElseThrow().outcome().lastStep();
  }

  @Test
  void a_plan_tells_the_steps_to_the_known_end_and_those_that_complete_runs_have_taken()
      throws Exception {
    Object[] command = {"plan", file, "--out", out, "--set", LATER, "--no-calibrate"};
    String text = Shell.run(command).out();
    Shell json = Shell.run("plan", file, "--out", out, "--set", LATER, "--no-calibrate", "--json");
    List<?> runs = (List<?>) Json.read(json.out(), "plan").get("runs");
    Map<?, ?> continued = (Map<?, ?>) runs.get(0);
    Map<?, ?> complete = (Map<?, ?>) runs.get(1);
    assertThat(text).contains("1 to continue, 1 complete", ": 280 steps of ");
    assertThat(number(continued, "steps_expected")).isEqualTo(280);
    assertThat(number(continued, "steps_worst")).isEqualTo(280);
    assertThat(continued.get("seconds_expected")).isEqualTo(continued.get("seconds_worst"));
    assertThat(number(complete, "steps_expected")).isEqualTo(end(1));
    assertThat(number(complete, "steps_worst")).isEqualTo(end(1));
    assertThat(complete.get("disk_bytes")).isEqualTo(complete.get("disk_bytes_worst"));
  }

  @Test
  void status_takes_what_is_left_to_the_known_end_at_the_rate_of_complete_runs() throws Exception {
    Claims.Claim claim =
        new Claims(folder, ProcessIdentity.current()).take(later.get(0).id()).orElseThrow();
    String text = Shell.run("status", out).out();
    claim.close();
    assertThat(text).contains("1 running", "about 2 s left at the rate so far");
  }
}
