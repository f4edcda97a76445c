package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.campaign.Campaign;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Yaml;
import dev.emergence.result.Disk;
import dev.emergence.result.Origin;
import dev.emergence.result.ResultsFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A plan of very many runs is told; in {@code ./dev campaign LargePlanTest} of as many as a file
 * may have without being asked.
 */
class LargePlanTest {
  private static final int LENGTHS = 330;

  @TempDir Path temp;

  @Test
  @Timeout(300)
  void a_plan_of_very_many_conditions_is_told() throws Exception {
    int dims = Campaign.size(6, 300);
    Path file = Files.writeString(temp.resolve("large.yaml"), large(dims));
    long start = System.nanoTime();
    Shell plan = Shell.run("plan", file, "--no-calibrate", "--device", "cpu");
    assertThat(plan.code()).as(plan.err()).isZero();
    assertThat(plan.out()).contains("large: " + dims * LENGTHS + " runs");
    Campaign.figure(
        "plan of %d conditions: %.1f s", dims * LENGTHS, (System.nanoTime() - start) / 1e9);
  }

  private static String large(int dims) {
    return """
        dsl: 1
        name: large
        task: {kind: linear_regression, dim: 2, sequence_length: 4}
        architecture: {kind: transformer, layers: 1, heads: 1, embedding_dim: 16, head_dim: 8}
        training: {optimizer: {kind: adam, learning_rate: 3.0e-3}, batch_size: 32, max_steps: 200}
        measurement:
          thresholds: {plateau: {metric: test.loss, below: 0.3}}
          stop: {when: plateau, extra: 20%%}
        seeds: {count: 1}
        sweeps:
          s:
            grid:
              task.dim: {from: 2, to: %d, step: 1}
              task.sequence_length: {from: 4, to: %d, step: 1}
        """
        .formatted(1 + dims, 3 + LENGTHS);
  }

  /** Otherwise its folder could not be read when its runs are trained. */
  @Test
  @Timeout(300)
  void a_plan_of_as_many_runs_as_a_file_may_have_can_be_read_when_it_is_written() throws Exception {
    int dims = Campaign.size(6, 300);
    String yaml = large(dims);
    Plan plan = Yaml.plan(yaml);
    Path folder = temp.resolve("results");
    ResultsFolder.open(folder, Disk.local()).writePlan(plan, Origin.of("large.yaml", yaml));
    assertThat(ResultsFolder.read(folder).experiment()).isEqualTo(plan.experiment());
    double bytes = Files.size(folder.resolve("resolved.json"));
    double each = bytes / (dims * LENGTHS);
    assertThat(100_000 * each).isLessThan(0.6 * (256 << 20));
    Campaign.figure("resolved.json of %d conditions: %.0f MiB", dims * LENGTHS, bytes / (1 << 20));
  }

  /** Estimates of what cannot be trained are read by those who reduce it. */
  @Test
  @Timeout(60)
  void a_run_that_no_machine_could_hold_is_estimated_and_not_measured() throws Exception {
    Path file =
        Files.writeString(
            temp.resolve("huge.yaml"),
            """
            dsl: 1
            name: huge
            task: {kind: linear_regression, dim: 2, sequence_length: 1048576}
            architecture: {kind: transformer, layers: 64, heads: 1024, embedding_dim: 16384, head_dim: 128}
            training: {batch_size: 1048576, max_steps: 1000000000000}
            """);
    Shell plan = Shell.run("plan", file, "--device", "cpu");
    assertThat(plan.code()).as(plan.err()).isZero();
    assertThat(plan.out())
        .contains(" of this machine: 1 run, whose speed is assumed")
        .containsPattern("at worst \\(assumed for cpu\\)")
        .containsPattern("longest run .* steps of \\S+·10\\S+ d, \\S+·10\\S+ d expected")
        .doesNotContain("memory up to -");
    assertThat(plan.err()).contains("warning: memory is expected to run out: run ");
  }
}
