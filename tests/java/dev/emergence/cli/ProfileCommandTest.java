package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The profiler's command, and the training that it looks at. */
class ProfileCommandTest {
  private static final String TOY =
      """
      dsl: 1
      name: toy
      task: {kind: linear_regression, dim: 4, sequence_length: 4, relevant_position: fixed, relevant_feature: false}
      architecture: {kind: toy, dynamics: reduced}
      training: {optimizer: {kind: gradient_flow}, max_time: 10}
      """;

  /** One sweep is integrated, which is the cheapest there is; the other trains. */
  private static final String BOTH =
      TOY
          + """
          sweeps:
            flow: {grid: {task.dim: [4]}}
            steps:
              set: {architecture.dynamics: sgd, training: {optimizer: {kind: sgd, learning_rate: 0.1}, max_time: null}}
          """;

  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(temp.resolve("tiny file.yaml"), Yaml.TINY);
  }

  @Test
  void a_dry_run_prints_the_command_that_profiles_the_steps_in_a_process_of_its_own() {
    Shell nsys = Shell.run("profile", file, "--steps", "5..7", "--dry-run");
    assertThat(nsys.code()).isZero();
    assertThat(nsys.out())
        .contains(", steps 5..7:\n")
        .contains("EM_GRAPHS=0 nsys profile ", "--capture-range=cudaProfilerApi", "=tiny-nsys ")
        .contains(" dev.emergence.cli.Main profile '" + file + "' --steps 5..7 --inside")
        .doesNotContain("--dry-run");
    Shell ncu = Shell.run("profile", file, "--tool", "ncu", "--out", "kernels", "--dry-run");
    assertThat(ncu.out())
        .contains("EM_GRAPHS=0 ncu --profile-from-start=off", "--export=kernels ", "100..110");
  }

  @Test
  void what_the_profiler_starts_trains_and_leaves_nothing_behind() throws IOException {
    Shell inside =
        Shell.run(
            "profile", file, "--device", "cpu", "--steps", "1..3", "--replicas", 2, "--inside");
    assertThat(inside.err()).isEmpty();
    assertThat(inside.code()).isZero();
    try (var left = Files.list(temp)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void steps_that_are_no_range_are_a_bad_command_line() {
    for (String steps : new String[] {"7", "7..7", "9..7", "a..b"}) {
      Shell shell = Shell.run("profile", file, "--steps", steps, "--dry-run");
      assertThat(shell.code()).as(steps).isEqualTo(ExitCode.USAGE);
      assertThat(shell.err())
          .isEqualTo("emergence: --steps takes a range such as 100..110, got '" + steps + "'\n");
    }
  }

  @Test
  void a_prediction_lists_operations_and_times_and_says_that_nothing_was_measured() {
    Shell shell = Shell.run("profile", file, "--predict", "--replicas", 8);
    assertThat(shell.code()).isZero();
    assertThat(shell.err()).isEmpty();
    assertThat(shell.out())
        .contains(", 8 trained together, float32: ", "nothing of it was measured")
        .containsPattern("operation +calls +kernels +GFLOP +MB +H100 +H200  decides\n")
        .containsPattern("\ngemm +\\d+ +\\d+ .* us  (launch|bytes|arithmetic)\n")
        .containsPattern("\nstep +\\d+ +\\d+ ")
        .containsPattern("\na member of 8 +[\\d.]+ us +[\\d.]+ us\n");
  }

  @Test
  void a_file_without_a_training_is_refused_in_a_sentence() throws IOException {
    Path toy = Files.writeString(temp.resolve("toy.yaml"), TOY);
    for (String how : List.of("--predict", "--dry-run", "--inside")) {
      Shell shell = Shell.run("profile", toy, "--device", "cpu", how);
      assertThat(shell.code()).as(how).isEqualTo(ExitCode.USAGE);
      assertThat(shell.err())
          .startsWith("emergence: no run that is asked for trains on batches: ")
          .endsWith("there are no steps to look at\n");
    }
  }

  @Test
  void runs_that_are_integrated_are_passed_over_for_the_cheapest_that_trains() throws IOException {
    Path both = Files.writeString(temp.resolve("both.yaml"), BOTH);
    String trained = "run " + Yaml.plan(BOTH).assignments("steps").get(0).run() + ", ";
    assertThat(Shell.run("profile", both, "--predict").out()).startsWith(trained);
    assertThat(Shell.run("profile", both, "--dry-run").out()).startsWith(trained);
  }

  @Test
  void a_precision_that_the_device_lacks_is_told_as_run_tells_it() {
    Shell shell =
        Shell.run(
            "profile", file, "--device", "cpu", "--set", "training.precision=bf16", "--inside");
    assertThat(shell.code()).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(shell.err()).startsWith("emergence: device cpu cannot train with precision bf16: ");
  }

  @Test
  void a_report_without_a_name_is_a_bad_command_line() {
    Shell shell = Shell.run("profile", file, "--out", "", "--dry-run");
    assertThat(shell.code()).isEqualTo(ExitCode.USAGE);
    assertThat(shell.err()).contains("'--out': '' names no file or folder\n");
  }

  @Test
  void a_device_that_no_profiler_sees_is_a_bad_command_line() {
    for (String device : List.of("cpu", "auto", "gpu", "cuda:x", "")) {
      Shell shell = Shell.run("profile", file, "--device", device, "--dry-run");
      assertThat(shell.code()).as(device).isEqualTo(ExitCode.USAGE);
      assertThat(shell.err())
          .startsWith("emergence: --device takes cuda or cuda:N, ")
          .endsWith(", got '" + device + "'\n");
      assertThat(shell.out()).isEmpty();
    }
    Shell second = Shell.run("profile", file, "--device", "cuda:1", "--dry-run");
    assertThat(second.out()).contains(" --device cuda:1 --inside");
  }
}
