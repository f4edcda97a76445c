package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Edited;
import dev.emergence.Experiment;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Claims;
import dev.emergence.result.Disk;
import dev.emergence.result.ProcessIdentity;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose a results folder is, what commands replace in it, and what it says by itself. */
class FoldersTest {
  /** Integrated in a moment, without a device. */
  private static final String TOY =
"""
dsl: 1
name: toy
task: {kind: linear_regression, dim: 16, sequence_length: 128, relevant_position: last, relevant_feature: false}
architecture: {kind: toy}
training: {optimizer: {kind: gradient_flow}, max_time: 10000}
measurement:
  test_sets: {test: {}}
  thresholds: {plateau: {metric: test.loss, below: 0.2, relative_to: initial}}
seeds: none
sweeps: {sizes: {grid: {task.dim: [16, 32, 64]}}}
plots:
  first: {kind: scaling, data: sizes, x: d, y: plateau.time}
""";

  @TempDir Path temp;
  private Path file;
  private Path folder;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(temp.resolve("toy.yaml"), TOY);
    folder = temp.resolve("out");
  }

  private Shell run(Path of, Object... more) {
    return Shell.run(
        Stream.concat(Stream.of("run", of, "--out", folder), Stream.of(more)).toArray());
  }

  private static Map<String, String> contents(Path root) throws IOException {
    Map<String, String> out = new TreeMap<>();
    try (var paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        out.put(
            root.relativize(path).toString(), Files.readString(path, StandardCharsets.ISO_8859_1));
      }
    }
    return out;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "experiment.yaml",
        "tables/runs.csv",
        "report.html",
        "fits.json",
        "plan.jsonl",
        "resolved.json",
        "runs/mine.txt",
        "runs/3f/notes.txt report.html",
        "plots/left.svg plots/left.png",
        ".hidden"
      })
  void files_that_are_not_ours_are_never_replaced(String names) throws IOException {
    for (String name : names.split(" ")) {
      Path mine = folder.resolve(name);
      Files.createDirectories(mine.getParent());
      Files.writeString(mine, name.endsWith(".json") ? "{\"mine\": 1}" : "mine");
    }
    Map<String, String> before = contents(folder);
    for (Object[] command :
        List.of(
            new Object[] {"run", file, "--out", folder},
            new Object[] {"submit", file, "--to", "slurm", "--dry-run", "--out", folder})) {
      Shell shell = Shell.run(command);
      assertThat(shell.code()).as(shell.err()).isEqualTo(ExitCode.FOLDER_UNUSABLE);
      assertThat(shell.err())
          .contains(folder + " is no results folder: it holds ", "nothing was written", "--out")
          .hasLineCount(1);
      assertThat(contents(folder)).isEqualTo(before);
    }
  }

  @Test
  void an_empty_folder_and_one_that_was_cut_short_are_worked_in() throws IOException {
    Files.createDirectories(folder.resolve("runs/3f"));
    Files.writeString(folder.resolve("resolved.json.new-1-2"), "{");
    assertThat(run(file).code()).isZero();
    Files.writeString(folder.resolve("resolved.json"), "{ damaged");
    assertThat(run(file)).extracting(Shell::code).isEqualTo(0);
    Files.delete(folder.resolve("resolved.json"));
    assertThat(run(file)).extracting(Shell::code).isEqualTo(0);
    assertThat(Shell.run("status", folder).out()).contains("3 complete");
  }

  @Test
  void a_link_to_a_results_folder_is_as_good_as_the_folder() throws IOException {
    assertThat(run(file).code()).isZero();
    Path link = Files.createSymbolicLink(temp.resolve("latest"), folder);
    for (String command :
        List.of("status", "list", "fit", "plot", "report", "export", "verify", "worker")) {
      Shell shell = Shell.run(command, link);
      assertThat(shell.code()).as(command + ": " + shell.err()).isZero();
    }
    assertThat(Shell.run("run", file, "--out", link).code()).isZero();
  }

  @Test
  void plots_and_tables_that_no_entry_produces_any_more_go_and_files_of_the_users_stay()
      throws IOException {
    assertThat(run(file).code()).isZero();
    assertThat(folder.resolve("plots/first.svg")).exists();
    Files.writeString(folder.resolve("plots/mine.svg"), "mine");
    Files.writeString(file, Edited.text(TOY, "first:", "second:"));
    Shell again = run(file);
    assertThat(again.code()).isZero();
    assertThat(again.err()).doesNotContain("note:");
    assertThat(folder.resolve("plots/second.svg")).exists();
    assertThat(folder.resolve("plots/first.svg")).doesNotExist();
    assertThat(folder.resolve("plots/first.png")).doesNotExist();
    assertThat(folder.resolve("plots/mine.svg")).hasContent("mine");
  }

  @Test
  void another_experiment_in_the_same_folder_is_told() throws IOException {
    assertThat(run(file).code()).isZero();
    Path other =
        Files.writeString(
            temp.resolve("other.yaml"), Edited.text(TOY, "dim: [16, 32, 64]", "dim: [8, 24]"));
    Shell shell = run(other);
    assertThat(shell.code()).isZero();
    assertThat(shell.err())
        .contains(
            "note: "
                + folder
                + " held another experiment until now (toy, linear_regression);"
                + " 3 finished runs of it are not asked for any more.");
    Files.writeString(other, Edited.text(TOY, "dim: [16, 32, 64]", "dim: [8, 16]"));
    assertThat(run(other).err())
        .contains("held a different form of this experiment until now; 1 finished run of it");
    assertThat(Files.readString(folder.resolve("tables/runs.csv")).lines()).hasSize(1 + 2);
  }

  @Test
  void another_experiment_is_refused_while_one_is_at_work() throws IOException {
    assertThat(run(file).code()).isZero();
    Path other =
        Files.writeString(
            temp.resolve("other.yaml"), Edited.text(TOY, "dim: [16, 32, 64]", "dim: [8, 24]"));
    PlannedRun busy = Experiment.load(file).plan().runs().get(0);
    Map<String, String> before = contents(folder);
    ResultsFolder results = ResultsFolder.open(folder, Disk.local());
    try (Claims claims = new Claims(results, ProcessIdentity.current())) {
      assertThat(claims.take(busy.id())).isPresent();
      Shell refused = run(other);
      assertThat(refused.code()).isEqualTo(ExitCode.FOLDER_UNUSABLE);
      assertThat(refused.err())
          .contains("is in use: another command works there on run " + busy.id());
      assertThat(run(file).code()).isZero();
    }
    assertThat(contents(folder).keySet()).isEqualTo(before.keySet());
    assertThat(run(other).code()).isZero();
  }

  @Test
  void tables_are_of_the_experiment_whose_folder_it_is() throws IOException {
    Path other =
        Files.writeString(
            temp.resolve("other.yaml"), Edited.text(TOY, "dim: [16, 32, 64]", "dim: [8, 24]"));
    var mine = Experiment.load(file).run(folder);
    var theirs = Experiment.load(other).run(folder);
    assertThat(org.assertj.core.api.Assertions.catchThrowable(mine::write))
        .hasMessageContaining("has put another experiment")
        .hasMessageContaining("--out");
    theirs.write();
    assertThat(Files.readString(folder.resolve("tables/runs.csv")).lines()).hasSize(1 + 2);
  }

  @Test
  void the_file_in_the_folder_gives_the_same_runs_by_itself_and_says_what_was_typed()
      throws IOException {
    Path configs = temp.resolve("configs of all experiments of this year and the years before");
    Files.createDirectories(configs.resolve("exp"));
    Files.writeString(
        configs.resolve("base.yaml"), Edited.text(TOY, "name: toy", "abstract: true"));
    Path child =
        Files.writeString(
            configs.resolve("exp/child.yaml"),
            """
            dsl: 1
            name: child
            extends: ../base.yaml
            description: "a: text # with signs"
            profiles: {small: {sweeps: {sizes: {grid: {task.dim: [4, 8]}}}}}
            """);
    assertThat(
            run(child, "--profile", "small", "--set", "training.max_time=5000", "--yes-many")
                .code())
        .isZero();
    Path whole = folder.resolve("experiment.yaml");
    assertThat(whole)
        .content()
        .startsWith("# Made from ")
        .contains("child.yaml and what it extends, with --profile small", "# --set training.max");
    assertThat(folder.resolve("given.yaml")).hasSameTextualContentAs(child);
    assertThat(Shell.run("status", folder).out())
        .contains("made with --profile small --set training.max_time=5000");
    assertThat(folder.resolve("report.html"))
        .content()
        .contains("Made with --profile small --set training.max_time=5000 on top of the file.");
    Shell again = Shell.run("run", whole, "--out", folder);
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.err()).doesNotContain("run ", "note");
    assertThat(folder.resolve("given.yaml")).doesNotExist();
    assertThat(Shell.run("status", folder).out()).doesNotContain("made with");
    assertThat(folder.resolve("report.html")).content().doesNotContain("Made with");
  }

  @Test
  void a_file_may_come_through_a_pipe() throws Exception {
    Path pipe = temp.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Thread writer =
        new Thread(
            () -> {
              try {
                Files.writeString(pipe, TOY);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    writer.start();
    Shell shell = run(pipe);
    writer.join();
    assertThat(shell.code()).as(shell.err()).isZero();
    assertThat(folder.resolve("experiment.yaml")).hasContent(TOY);
  }

  @Test
  void exports_go_beside_a_results_folder_or_into_its_own_place_for_them() throws IOException {
    assertThat(run(file).code()).isZero();
    for (Path inside : List.of(folder, folder.resolve("runs"), folder.resolve("tables/x"))) {
      Shell shell = Shell.run("export", folder, "--to", inside);
      assertThat(shell.code()).isEqualTo(2);
      assertThat(shell.err()).contains("is in the results folder, whose files are its own");
    }
    assertThat(Shell.run("export", folder, "--to", file).err()).contains("--to names a folder");
    assertThat(Shell.run("export", folder, "--to", folder.resolve("export")).code()).isZero();
    assertThat(Shell.run("export", folder, "--to", temp.resolve("beside")).code()).isZero();
  }

  @Test
  void figures_of_another_experiment_are_not_drawn_into_a_folder() throws IOException {
    assertThat(run(file).code()).isZero();
    Map<String, String> before = contents(folder);
    Path other =
        Files.writeString(
            temp.resolve("other.yaml"), Edited.text(TOY, "dim: [16, 32, 64]", "dim: [8, 24]"));
    Shell shell = Shell.run("plot", other, "--out", folder);
    assertThat(shell.code()).isEqualTo(ExitCode.FOLDER_UNUSABLE);
    assertThat(shell.err())
        .contains(folder + " holds another experiment (toy, linear_regression); name the folder");
    assertThat(contents(folder)).isEqualTo(before);
  }

  @Test
  void a_folder_in_the_place_of_a_list_of_ours_is_put_aside() throws IOException {
    assertThat(run(file).code()).isZero();
    Files.delete(folder.resolve("derived.json"));
    Files.createDirectory(folder.resolve("derived.json"));
    Files.writeString(folder.resolve("derived.json/mine"), "mine");
    assertThat(Shell.run("report", folder).code()).isZero();
    assertThat(folder.resolve("derived.json")).isRegularFile();
    assertThat(folder.resolve("quarantine/derived.json-1/mine")).hasContent("mine");
  }
}
