package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.result.Claims;
import dev.emergence.result.Disk;
import dev.emergence.result.ProcessIdentity;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Studies of runs that workers do, as on a cluster. */
class WorkerStudiesTest {
  private static final String YAML =
      """
      dsl: 1
      name: studied
      task: {kind: linear_map, cells: 4, parents: 1}
      architecture: {kind: transformer, layers: 1, heads: 2, embedding_dim: 8, head_dim: 4, mlp_factor: 1}
      training: {optimizer: {kind: adam, learning_rate: 2.0e-2}, batch_size: 8, max_steps: 20}
      measurement: {evaluate_every: 10, evaluate_samples: 32, checkpoints_at: last}
      seeds: 3
      studies:
        ablate: {kind: head_ablation, data: main, metric: test.loss}
      """;

  @TempDir Path temp;
  private Path folder;

  @BeforeEach
  void submitted() throws IOException {
    folder = temp.resolve("results");
    Path file = Files.writeString(temp.resolve("studied.yaml"), YAML);
    Shell submit = Shell.run("submit", file, "--to", "slurm", "--out", folder, "--dry-run");
    assertThat(submit.code()).as(submit.err()).isZero();
  }

  private Shell worker(String... more) {
    Object[] words = new Object[more.length + 4];
    System.arraycopy(new Object[] {"worker", folder, "--device", "cpu"}, 0, words, 0, 4);
    System.arraycopy(more, 0, words, 4, more.length);
    return Shell.run(words);
  }

  @Test
  void a_worker_makes_the_studies_of_the_runs() {
    Shell worker = worker();
    assertThat(worker.code()).as(worker.err()).isZero();
    assertThat(worker.err())
        .contains("study ablate (head_ablation): 3 of 3 runs studied", "3 of 3 runs are complete")
        .containsPattern("1/3 study ablate of run [0-9a-f]{16}, in [^,]*, (about|less than)")
        .containsPattern("3/3 study ablate of run [0-9a-f]{16}, in [^,]*\n");
    assertThat(Shell.run("report", folder).out())
        .contains("at last, most effective head: ", "3 runs)")
        .doesNotContain("not studied");
  }

  @Test
  void a_worker_whose_time_is_over_leaves_studies_to_the_next() throws IOException {
    assertThat(worker().code()).isZero();
    for (Path file : Files.list(folder.resolve("studies/ablate")).toList()) {
      Files.delete(file);
    }
    Shell late = worker("--stop-after", "0s");
    assertThat(late.code()).as(late.err()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(late.err()).contains("stopped: the time given by --stop-after is over");
    assertThat(worker().err()).contains("3 of 3 runs studied");
    assertThat(worker("--stop-after", "0s").code()).isZero();
  }

  @Test
  void a_status_says_how_many_are_studied_by_somebody_and_waits_for_them() throws Exception {
    assertThat(worker().code()).isZero();
    Path made = Files.list(folder.resolve("studies/ablate")).sorted().findFirst().orElseThrow();
    byte[] content = Files.readAllBytes(made);
    Files.delete(made);
    ResultsFolder results = ResultsFolder.open(folder, Disk.local());
    String claim = folder.relativize(made).toString().replace(".json", "");
    try (Claims claims = new Claims(results, ProcessIdentity.current())) {
      assertThat(claims.take(claim)).isPresent();
      assertThat(Shell.run("status", folder).out())
          .endsWith("study ablate (head_ablation): 2 of 3 runs studied, 1 at work\n");
    }
    StringWriter out = new StringWriter();
    Thread watch =
        new Thread(
            () -> out.write(Shell.run("status", folder, "--watch", "--every", "100ms").out()));
    watch.start();
    watch.join(500);
    assertThat(watch.isAlive()).isTrue();
    Files.write(made, content);
    watch.join();
    assertThat(out.toString()).endsWith("3 of 3 runs studied\n");
  }

  /** One run has lost its parameters, which the others do not need. */
  @Test
  void a_study_that_fails_is_told_by_reproduce_as_by_run() throws IOException {
    Path file = temp.resolve("studied.yaml");
    Object[] reproduce = {"reproduce", file, "--out", temp, "--device", "cpu"};
    Path made = temp.resolve("studied");
    assertThat(Shell.run(reproduce).code()).isZero();
    Path lost;
    try (var all = Files.walk(made)) {
      lost = all.filter(p -> p.getFileName().toString().startsWith("weights-")).findFirst().get();
    }
    Files.write(lost, new byte[] {1, 2, 3});
    try (var parts = Files.list(made.resolve("studies/ablate"))) {
      for (Path part : parts.toList()) {
        Files.delete(part);
      }
    }
    Shell run = Shell.run("run", file, "--out", made, "--device", "cpu");
    Shell again = Shell.run(reproduce);
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.RUNS_FAILED);
    assertThat(run.err()).containsPattern("\nstudy ablate of run [0-9a-f]{16} failed: ");
    assertThat(again.code()).as(again.err()).isEqualTo(ExitCode.RUNS_FAILED);
    assertThat(again.err()).containsPattern("\nstudy ablate of run [0-9a-f]{16} failed: ");
  }
}
