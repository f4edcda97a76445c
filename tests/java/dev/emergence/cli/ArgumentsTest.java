package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Yaml;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands on a command line is taken, or refused with 2; nothing is ignored. */
class ArgumentsTest {
  @TempDir Path temp;
  private Path file;
  private Path folder;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(temp.resolve("tiny.yaml"), Yaml.TINY);
    folder = temp.resolve("out");
  }

  private Shell submit(Object... more) {
    return Shell.run(
        Stream.concat(
                Stream.of("submit", file, "--to", "slurm", "--dry-run", "--out", folder),
                Arrays.stream(more))
            .toArray());
  }

  @Test
  void submit_starts_no_more_workers_than_there_are_runs_and_says_so() {
    Shell all = submit("--workers", "60");
    assertThat(all.out()).contains("#SBATCH --array=0-5\n");
    assertThat(all.err()).contains("6 workers instead of 60, because there are only 6 runs\n");
    assertThat(submit("--workers", "6").err()).doesNotContain("instead");
    Shell one = submit("--where", "d == 6 and seed == 3");
    assertThat(one.out()).contains("#SBATCH --array=0-0\n");
    assertThat(one.err()).contains("1 worker instead of 4, because there is only 1 run\n");
  }

  /** A run can be studied by several workers at the same time. */
  @Test
  void a_part_that_there_is_not_is_refused_before_a_folder_is_made() {
    Path fresh = temp.resolve("fresh");
    Shell shell =
        Shell.run(
            "submit", file, "--to", "slurm", "--dry-run", "--out", fresh, "--where", "d == 999");
    assertThat(shell.code()).isEqualTo(2);
    assertThat(fresh).doesNotExist();
  }

  @Test
  void submit_counts_the_studies_of_runs() throws IOException {
    String kept = Yaml.TINY.replace("measurement:\n", "measurement:\n  checkpoints_at: last\n");
    String study = "{kind: head_ablation, data: sizes, metric: test.loss}\n";
    Files.writeString(file, kept + "studies:\n  a: " + study + "  b: " + study);
    assertThat(submit("--workers", "60").err())
        .contains(
            "12 workers instead of 60, because there are only 6 runs with at most 2 studies each");
  }

  @Test
  void numbers_out_of_range_are_refused_before_anything_is_done() {
    Object[][] lines = {
      {"run", file, "--out", folder, "--jobs", "0"},
      {"run", file, "--out", folder, "--jobs", "-3"},
      {"run", file, "--out", folder, "--jobs", "5000"},
      {"plan", file, "--jobs", "0"},
      {"reproduce", file, "--out", folder, "--jobs", "0"},
      {"verify", temp, "--replay", "-1"},
      {"verify", temp, "--replay", "0"},
      {"worker", temp, "--slot", "-5"},
      {"status", temp, "--watch", "--every", "0s"},
      {"capabilities", "--checkpoints", temp, "--threads", "0"},
      {"capabilities", "--checkpoints", temp, "--threads", "-3"},
      {"profile", file, "--replicas", "0"},
      {"run", file, "--out", folder, "--stop-after", "-5s"},
      {"run", file, "--out", folder, "--stop-after", "5"},
      {"submit", file, "--to", "slurm", "--out", folder, "--workers", "0"},
      {"submit", file, "--to", "slurm", "--out", folder, "--memory", "0"},
      {"submit", file, "--to", "slurm", "--out", folder, "--time", "0s"},
      {"submit", file, "--to", "slurm", "--out", folder, "--time", "0"},
      {"submit", file, "--to", "slurm", "--out", folder, "--time", "soon"},
      {"submit", file, "--to", "slurm", "--out", folder, "--time", "999999999d"}
    };
    for (Object[] line : lines) {
      Shell shell = Shell.run(line);
      assertThat(shell.code()).as(List.of(line) + shell.err()).isEqualTo(2);
      assertThat(shell.err()).contains(line[line.length - 2].toString());
      assertThat(folder).doesNotExist();
    }
  }

  @Test
  void a_replay_of_nothing_is_refused_with_what_to_do() {
    Shell shell = Shell.run("verify", temp, "--replay", "0");
    assertThat(shell.err().strip())
        .isEqualTo(
            "emergence: --replay must be at least 1, got 0; leave it out to compare checksums"
                + " alone");
  }

  @Test
  void options_that_would_have_no_effect_are_refused() {
    Object[][] lines = {
      {"status", temp, "--every", "5s"},
      {"run", file, "--out", folder, "--port", "8080"},
      {"run", file, "--out", folder, "--no-open"},
      {"verify", temp, "--device", "cpu"},
      {"plan", file, "--explain", "task.dim", "--json"},
      {"plan", file, "--explain", "task.dim", "--jobs", "2"},
      {"plan", file, "--explain", "task.dim", "--only", "sizes"},
      {"plan", file, "--explain", "task.dim", "--where", "d > 4"},
      {"capabilities", "--checkpoints", temp, "--device", "cuda", "--threads", "2"},
      {"profile", file, "--predict", "--dry-run"},
      {"profile", file, "--predict", "--tool", "ncu"}
    };
    for (Object[] line : lines) {
      Shell shell = Shell.run(line);
      assertThat(shell.code()).as(List.of(line) + shell.err()).isEqualTo(2);
      assertThat(shell.err())
          .containsPattern("^emergence: --\\S+ (is that of|has no effect beside)");
      assertThat(folder).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "plan", "submit", "status", "show", "export", "init", "worker"})
  void an_empty_name_is_refused(String command) {
    Object[] line =
        switch (command) {
          case "run", "plan" -> new Object[] {command, file, "--out", ""};
          case "submit" -> new Object[] {command, file, "--to", "slurm", "--dry-run", "--out", ""};
          case "show" -> new Object[] {command, "0123", "--in", ""};
          case "export" -> new Object[] {command, temp, "--to", ""};
          case "init" -> new Object[] {command, "quickstart", ""};
          default -> new Object[] {command, ""};
        };
    Shell shell = Shell.run(line);
    assertThat(shell.code()).as(shell.err()).isEqualTo(2);
    assertThat(shell.err()).contains("names no file or folder");
  }

  @Test
  void submit_hands_on_the_part_that_was_chosen_and_its_worker_does_that_alone() throws Exception {
    String where = "d == 6 and seed == 4";
    Shell shell = submit("--only", "sizes", "--where", where);
    assertThat(shell.code()).as(shell.err()).isZero();
    assertThat(shell.out())
        .contains("worker '" + folder.toRealPath() + "' '--only' 'sizes' '--where' '" + where);
    Shell worker =
        Shell.run("worker", folder, "--device", "cpu", "--only", "sizes", "--where", where);
    assertThat(worker.code()).as(worker.err()).isZero();
    assertThat(worker.err()).contains("1 of 1 runs are complete");
    assertThat(ResultsFolder.read(folder).ids()).hasSize(1);
    assertThat(submit("--where", "this is no expression ((").code()).isEqualTo(2);
    assertThat(submit("--only", "nosuchsweep").err()).contains("known: sizes, copies");
    assertThat(submit("--where", "d > 99").code()).isEqualTo(2);
    assertThat(submit("--where", "variant == adam").err())
        .isEqualTo("emergence: --where: variant is never 'adam'; it has no values here\n");
    assertThat(Shell.run("worker", folder, "--only", "nosuchsweep").code()).isEqualTo(2);
  }

  @Test
  void submit_takes_times_and_lines_as_the_schedulers_users_write_them() {
    Map<String, String> times = new LinkedHashMap<>();
    times.put("7-00:00:00", "168:00:00");
    times.put("1-6", "30:00:00");
    times.put("12:30:00", "12:30:00");
    times.put("30:00", "0:30:00");
    times.put("90", "1:30:00");
    times.put("7h50min", "7:50:00");
    times.put("2d", "48:00:00");
    times.forEach(
        (given, clock) ->
            assertThat(submit("--time", given).out()).contains("#SBATCH --time=" + clock + "\n"));
    assertThat(submit("--setup", "module load cuda", "--sbatch", "--constraint=a|b").out())
        .contains("\nmodule load cuda\n", "#SBATCH --constraint=a|b\n");
    assertThat(submit("--sbatch", "partition=short").code()).isEqualTo(2);
  }

  @Test
  void durations_are_the_same_in_files_and_on_command_lines() {
    for (String text : List.of("90s", "5min", "1h30min", "1.5h", "1d", "2h30min5s")) {
      Duration typed = Numbers.duration(text, "--stop-after");
      var read = Yaml.experiment(Yaml.TINY, "execution.checkpoint_every=" + text);
      assertThat(read.execution().checkpointEvery()).as(text).isEqualTo(typed);
    }
    assertThat(Numbers.duration("1h30min", "x")).isEqualTo(Duration.ofMinutes(90));
  }

  @Test
  void output_that_could_not_be_written_is_told_and_a_closed_pipe_is_not() {
    for (String reason : List.of("No space left on device", "Broken pipe")) {
      OutputStream full =
          new OutputStream() {
            @Override
            public void write(int b) throws IOException {
              throw new IOException(reason);
            }
          };
      Output output = new Output(full);
      new PrintStream(output, true, StandardCharsets.UTF_8).println("a table");
      assertThat(output.trouble().isPresent()).isEqualTo(reason.startsWith("No space"));
    }
  }

  @Test
  void what_is_no_run_id_is_told_as_it_was_typed() {
    Shell shell = Shell.run("show", "results/tiny");
    assertThat(shell.code()).isEqualTo(ExitCode.USAGE);
    assertThat(shell.err())
        .isEqualTo("emergence: a run id is up to 16 hex digits, got 'results/tiny'\n");
  }
}
