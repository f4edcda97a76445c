package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Edited;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotCommandTest {
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
      sweeps: {sizes: {grid: {task.dim: [16, 32]}}}
      plots:
        first: {kind: scaling, data: sizes, x: d, y: plateau.time, title: PLACE}
      """;

  @TempDir Path temp;
  private Path file;
  private Path folder;

  @BeforeEach
  void run() throws IOException {
    file = Files.writeString(temp.resolve("toy.yaml"), TOY);
    folder = temp.resolve("out");
    Shell done = Shell.run("run", file, "--out", folder, "--in-process");
    assertThat(done.code()).as(done.err()).isZero();
  }

  @Test
  void an_edited_file_is_drawn_from_the_stored_runs_without_training() throws IOException {
    Files.writeString(
        file,
        Edited.text(TOY, "PLACE", "Escape", "first:", "second:")
            + "figures: {width: column, formats: [svg, csv]}\n");
    long before = runs();
    Shell plot = Shell.run("plot", file, "--out", folder);
    assertThat(plot.code()).as(plot.err()).isZero();
    assertThat(Files.readString(folder.resolve("plots/second.svg")))
        .contains("Escape")
        .contains("width=\"85mm\"");
    assertThat(Files.readString(folder.resolve("plots/second.csv")))
        .startsWith("task.dim,x,middle");
    assertThat(folder.resolve("plots/second.pdf")).doesNotExist();
    assertThat(folder.resolve("plots/first.svg")).as("no entry makes it any more").doesNotExist();
    assertThat(runs()).isEqualTo(before);
  }

  @Test
  void conditions_that_were_never_run_are_missing_and_counted() throws IOException {
    Files.writeString(file, Edited.text(TOY, "[16, 32]", "[16, 32, 64]"));
    Shell plot = Shell.run("plot", file, "--out", folder);
    assertThat(plot.code()).as(plot.err()).isZero();
    assertThat(plot.err()).contains("2 of 3 runs are complete");
  }

  @Test
  void a_folder_is_drawn_as_it_was_last_run() {
    Shell plot = Shell.run("plot", folder);
    assertThat(plot.code()).as(plot.err()).isZero();
    assertThat(folder.resolve("plots/first.pdf")).exists();
    Shell mixed = Shell.run("plot", folder, "--set", "task.dim=3");
    assertThat(mixed.code()).isEqualTo(ExitCode.USAGE);
    assertThat(mixed.err()).contains("go with an experiment file");
  }

  @Test
  void a_file_that_was_never_run_and_one_that_is_wrong_are_refused() throws IOException {
    Shell never = Shell.run("plot", file, "--out", temp.resolve("elsewhere"));
    assertThat(never.code()).isEqualTo(ExitCode.FOLDER_UNUSABLE);
    assertThat(never.err()).contains("is no results folder; `emergence run");
    assertThat(temp.resolve("elsewhere")).doesNotExist();
    Files.writeString(file, Edited.text(TOY, "x: d", "x: nothing"));
    assertThat(Shell.run("plot", file, "--out", folder).code()).isEqualTo(ExitCode.INVALID_FILE);
  }

  private long runs() throws IOException {
    try (var all = Files.walk(folder.resolve("runs"))) {
      return all.mapToLong(p -> p.toFile().lastModified()).sum();
    }
  }

  @Test
  void runs_that_figures_leave_out_are_told() throws IOException {
    assertThat(Shell.run("report", folder).err()).doesNotContain("are complete");
    try (var files = Files.walk(folder.resolve("runs"))) {
      Path curve = files.filter(f -> f.endsWith("curve.jsonl")).findFirst().orElseThrow();
      Files.writeString(curve, "damage");
    }
    for (String command : List.of("report", "plot")) {
      assertThat(Shell.run(command, folder).err())
          .as(command)
          .contains("1 of 2 runs are complete, 1 damaged; figures show what is there");
    }
  }
}
