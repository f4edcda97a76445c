package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.emergence.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results that lie in an archive can be looked at, and written elsewhere. */
class ReadOnlyFolderTest {
  private static final String TOY =
      """
      dsl: 1
      name: toy
      task: {kind: linear_regression, dim: 8, sequence_length: 32, relevant_position: last, relevant_feature: false}
      architecture: {kind: toy}
      training: {optimizer: {kind: gradient_flow}, max_time: 1000}
      measurement: {thresholds: {plateau: {metric: test.loss, below: 0.2, relative_to: initial}}}
      seeds: none
      sweeps: {sizes: {grid: {task.dim: [8, 16, 32]}}}
      fits: {law: {data: sizes, formula: "T_plateau = C * d^alpha"}}
      plots: {first: {kind: scaling, data: sizes, x: d, y: plateau.time}}
      """;

  @TempDir Path temp;
  private Path folder;
  private Map<Path, String> before;

  @BeforeEach
  void run() throws IOException {
    folder = temp.resolve("archive");
    Path file = Files.writeString(temp.resolve("toy.yaml"), TOY);
    assertThat(Shell.run("run", file, "--out", folder).code()).isZero();
    before = times();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
  }

  @AfterEach
  void allow() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Map<Path, String> times() throws IOException {
    Map<Path, String> out = new TreeMap<>();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.put(file, Files.getLastModifiedTime(file).toString());
      }
    }
    return out;
  }

  @Test
  void everything_derived_can_be_written_to_another_folder() throws IOException {
    Path other = Files.createDirectories(temp.resolve("other"));
    Results results = Results.read(folder).derivedIn(other);
    results.write();
    assertThat(results.report()).isEqualTo(other.resolve("report.html")).isRegularFile();
    assertThat(other.resolve("tables/runs.csv"))
        .hasSameTextualContentAs(folder.resolve("tables/runs.csv"));
    assertThat(other.resolve("plots/first.svg"))
        .hasSameTextualContentAs(folder.resolve("plots/first.svg"));
    assertThat(times()).isEqualTo(before);
  }

  @Test
  void laws_are_shown_and_exports_go_elsewhere() throws IOException {
    assumeFalse(Files.isWritable(folder), "this user may write anywhere");
    Shell fit = Shell.run("fit", folder);
    assertThat(fit.code()).as(fit.err()).isZero();
    assertThat(fit.out()).contains("law: T_plateau", "alpha");
    assertThat(fit.err()).contains("cannot be written; its tables stay as they are");
    Shell export = Shell.run("export", folder, "--to", temp.resolve("x"));
    assertThat(export.code()).as(export.err()).isZero();
    assertThat(temp.resolve("x/first.svg")).isRegularFile();
    for (String command : new String[] {"report", "plot", "export"}) {
      Shell shell = Shell.run(command, folder);
      assertThat(shell.code()).as(command).isEqualTo(ExitCode.FOLDER_UNUSABLE);
      assertThat(shell.err()).contains("cannot be written; `emergence export ", " --to DIR`");
    }
    Shell worker = Shell.run("worker", folder);
    assertThat(worker.code()).isEqualTo(ExitCode.FOLDER_UNUSABLE);
    assertThat(worker.err())
        .contains("cannot be written, and a worker stores runs in it")
        .doesNotContain("--out");
    assertThat(times()).isEqualTo(before);
  }

  @Test
  void a_folder_without_plots_is_refused_in_the_same_words() throws IOException {
    Path none = temp.resolve("none");
    assertThat(Shell.run("run", temp.resolve("toy.yaml"), "--out", none, "--set", "plots=null"))
        .satisfies(shell -> assertThat(shell.code()).as(shell.err()).isZero());
    Files.setPosixFilePermissions(none, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assumeFalse(Files.isWritable(none), "this user may write anywhere");
      Shell plot = Shell.run("plot", none);
      assertThat(plot.code()).as(plot.err()).isEqualTo(ExitCode.FOLDER_UNUSABLE);
      assertThat(plot.err()).contains("cannot be written; `emergence export ", " --to DIR`");
    } finally {
      Files.setPosixFilePermissions(none, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
