package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimesCommandTest {
  /** Seed 0 passes once and then for good, seed 1 only at its end, seed 2 never. */
  private static final String CURVES =
      """
      seed,d,step,acc
      0,8,0,0.1
      0,8,10,0.95
      0,8,20,0.5
      0,8,30,0.95
      0,8,40,0.97
      1,8,0,0.1
      1,8,10,0.2
      1,8,20,0.95
      2,8,0,0.1
      2,8,10,0.2
      """;

  @TempDir Path temp;

  private Shell times(Object... more) throws IOException {
    Path file = Files.writeString(temp.resolve("own.csv"), CURVES);
    return Shell.run(
        Stream.concat(Stream.of("times", file, "--metric", "acc", "--run", "seed"), Stream.of(more))
            .toArray());
  }

  @Test
  void a_row_for_each_run_has_the_bracket_of_its_crossing() throws IOException {
    Shell said = times("--above", "0.9");

    assertThat(said.code()).isZero();
    assertThat(said.out())
        .isEqualTo(
            """
            run,threshold,state,emergence,emergence_lower,last_step,seed,d
            0,emergence,reached,10,0,40,0,8
            1,emergence,reached,20,10,20,1,8
            2,emergence,unreached,,10,10,2,8
            """);
    assertThat(said.err())
        .contains("emergence: 2 of 3 runs at step 10 to 20, 1 unreached")
        .contains("in 1 run the metric passed, fell back and passed again later");
  }

  /** Seed 1 may have passed at its last evaluation, so that it had surely not at the one before. */
  @Test
  void evaluations_that_must_pass_in_a_row_are_asked_for() throws IOException {
    assertThat(times("--above", "0.9", "--hold", "2", "--name", "found").out())
        .contains(
            "0,found,reached,30,20,40,0,8",
            "1,found,unreached,,10,20,1,8",
            "2,found,unreached,,10,10,2,8");
  }

  @Test
  void levels_are_those_of_experiment_files() throws IOException {
    assertThat(times("--below", "0.6", "--from", "0.9").out()).contains("0,emergence,reached,20,");
    assertThat(times("--above", "9.6", "--relative-to", "initial").out())
        .contains("0,emergence,reached,40,30");
    assertThat(times("--above", "0.7", "--smooth", "2").out())
        .contains("0,emergence,reached,20,10");
  }

  @Test
  void what_a_path_says_is_a_column() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : List.of("d=8,seed=0", "d=16,lr=1e-3_seed=1")) {
      Path logs = Files.createDirectories(temp.resolve(folder));
      files.add(Files.writeString(logs.resolve("batch_size=4.csv"), "step,acc\n0,0\n5,1\n"));
    }
    Shell said =
        Shell.run("times", files.get(0), files.get(1), "--metric", "acc", "--above", "0.5");

    assertThat(said.out().lines().map(line -> line.replaceFirst("^.*csv\"?,", "")))
        .containsExactly(
            "run,threshold,state,emergence,emergence_lower,last_step,d,seed,batch_size,lr",
            "emergence,reached,5,0,5,8,0,4,",
            "emergence,reached,5,0,5,16,1,4,1e-3");
  }

  /** By the same columns the other command finds what was measured. */
  @Test
  void law_reads_the_table() throws IOException {
    StringBuilder curves = new StringBuilder("run,d,step,loss\n");
    for (int d : List.of(8, 16, 32)) {
      for (int step = 0; step <= 400; step++) {
        curves.append("r" + d + "," + d + "," + step + "," + (step < 10 * d ? 1 : 0) + "\n");
      }
    }
    Path file = Files.writeString(temp.resolve("many.csv"), curves);
    Path table = temp.resolve("times.csv");
    Shell said =
        Shell.run(
            "times", file, "--metric", "loss", "--below", "0.5", "--out", table, "--name", "low");
    assertThat(said.out()).contains("low: 3 of 3 runs at step 80 to 320");
    Shell law = Shell.run("law", table, "T_low = C * d^alpha");
    assertThat(law.out()).containsPattern("C +10\\b").containsPattern("alpha +1\\b");
  }

  @Test
  void curves_of_a_results_folder_give_the_times_of_its_table() throws IOException {
    Path file =
        Files.writeString(
            temp.resolve("tiny.yaml"),
            """
            dsl: 1
            name: tiny
            task: {kind: linear_regression, dim: 2, sequence_length: 3}
            architecture: {kind: transformer, layers: 1, heads: 1, embedding_dim: 8, head_dim: 4}
            training: {optimizer: {kind: adam, learning_rate: 1e-2}, batch_size: 8, max_steps: 40}
            measurement:
              evaluate_every: 4
              evaluate_samples: 8
              test_sets: {test: {}}
              thresholds: {low: {metric: test.loss, below: 0.6, hold: 2}}
            seeds: {count: 4}
            """);
    Shell.run("run", file, "--out", temp.resolve("r"));
    List<String> ours = times(Files.readString(temp.resolve("r/tables/runs.csv")));
    assertThat(ours).hasSize(5).anyMatch(row -> row.contains(",reached,"));
    for (String curves : List.of("curves.csv", "curves.jsonl")) {
      Object[] ask = {
        "times",
        temp.resolve("r/tables").resolve(curves),
        "--metric",
        "test.loss",
        "--below",
        "0.6",
        "--hold",
        "2",
        "--name",
        "low"
      };
      assertThat(times(Shell.run(ask).out())).containsExactlyInAnyOrderElementsOf(ours);
    }
  }

  /** The columns of a table up to the last step. */
  private static List<String> times(String table) {
    List<String> header = List.of(table.lines().findFirst().orElseThrow().split(","));
    List<String> asked =
        List.of("run", "threshold", "state", "emergence", "emergence_lower", "last_step");
    return table
        .lines()
        .map(line -> line.split(",", -1))
        .map(
            cells ->
                asked.stream()
                    .map(column -> cells[header.indexOf(column)])
                    .collect(Collectors.joining(",")))
        .toList();
  }

  @Test
  void what_cannot_be_asked_is_refused() throws IOException {
    assertThat(times("--above", "0.9", "--hold", "0").err())
        .contains("--hold and --smooth are whole numbers from 1");
    assertThat(times("--above", "0.9", "--name", "two words").err()).contains("--name has letters");
    assertThat(times("--above", "NaN").err()).contains("are finite numbers");
    assertThat(times("--above", "0.5", "--from", "0.9").err()).contains("on the other side");
    assertThat(times("--above", "0.5", "--out", temp.resolve("own.csv")).err())
        .contains("--out would overwrite the curves in ");
    assertThat(temp.resolve("own.csv")).hasContent(CURVES);
    assertThat(times("--above", "0.9", "--below", "0.1").code()).isEqualTo(ExitCode.USAGE);
    assertThat(times().code()).isEqualTo(ExitCode.USAGE);
    Path own = temp.resolve("own.csv");
    assertThat(Shell.run("times", own, own, "--metric", "acc", "--above", "1").err())
        .contains("is named twice");
  }
}
