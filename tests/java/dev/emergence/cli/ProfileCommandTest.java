package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The profiler's command, and the training that it looks at. */
class ProfileCommandTest {
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
}
