package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Planner;
import dev.emergence.spec.LinearAttentionSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one file that gives what several files, a profile and the command line give together. */
class StandaloneTest {
  @TempDir Path temp;

  private static Set<String> runs(Reading reading) {
    return Planner.plan(reading.spec().orElseThrow(() -> new AssertionError(reading.toText())))
        .runs()
        .stream()
        .map(PlannedRun::id)
        .collect(Collectors.toSet());
  }

  private static void same(Reading given, String name) {
    String text = given.standalone(name);
    Reading again =
        SpecReader.read(
            "experiment.yaml", text, new ReadOptions(Optional.empty(), List.of(), true));
    assertThat(again.isValid()).as(name + again.toText() + "\n" + text).isTrue();
    assertThat(runs(again)).as(name + "\n" + text).isEqualTo(runs(given));
    assertThat(again.spec().get().sweeps()).as(name).isEqualTo(given.spec().get().sweeps());
    assertThat(again.spec().get().fits()).as(name).isEqualTo(given.spec().get().fits());
    assertThat(again.spec().get().claims()).as(name).isEqualTo(given.spec().get().claims());
    assertThat(again.spec().get().plots()).as(name).isEqualTo(given.spec().get().plots());
    assertThat(again.spec().get().execution()).as(name).isEqualTo(given.spec().get().execution());
    assertThat(again.spec().get().description())
        .as(name)
        .isEqualTo(given.spec().get().description());
  }

  private static List<Path> examples() throws IOException {
    try (var paths = Files.walk(Path.of("dsl-examples"))) {
      return paths
          .filter(p -> p.toString().endsWith(".yaml") && !p.toString().contains("/base/"))
          .toList();
    }
  }

  @Test
  void every_example_with_every_profile_and_a_value_on_top_gives_the_same_runs()
      throws IOException {
    int checked = 0;
    for (Path file : examples()) {
      List<Optional<String>> profiles = new ArrayList<>(List.of(Optional.empty()));
      if (Files.readString(file).contains("\n  laptop:")) {
        profiles.add(Optional.of("laptop"));
      }
      for (Optional<String> profile : profiles) {
        for (List<String> sets :
            List.of(List.<String>of(), List.of("measurement.evaluate_samples=64"))) {
          Reading given = SpecReader.read(file, new ReadOptions(profile, sets, true));
          if (given.isValid()) {
            same(given, file + " " + profile + " " + sets);
            checked++;
          }
        }
      }
    }
    assertThat(checked).isGreaterThan(20);
  }

  @Test
  void values_of_the_command_line_win_over_sets_and_variants_of_sweeps() throws IOException {
    Path file =
        Files.writeString(
            temp.resolve("a.yaml"),
            """
            dsl: 1
            name: a
            task: {kind: linear_regression, dim: 4, sequence_length: 8}
            architecture: {kind: transformer, layers: 1, heads: 1, embedding_dim: 8, head_dim: 8}
            training: {optimizer: {kind: adam, learning_rate: 1.0e-3}, batch_size: 4, max_steps: 60}
            sweeps:
              s:
                set: {training.batch_size: 8, measurement.evaluate_every: 5}
                grid: {task.dim: [2, 3]}
              v:
                variants:
                  small: {training: {batch_size: 16}}
                  large: {training: {optimizer: {kind: sgd, learning_rate: 0.1}}}
            """);
    for (List<String> sets :
        List.of(
            List.of("training.max_steps=9"),
            List.of("training.max_steps=7", "measurement.evaluate_every=3"),
            List.of("architecture.layers=2"),
            List.of("sweeps.s.grid={task.dim: [5]}"),
            List.of("measurement.stop={never: true}", "seeds={first: 2, count: 2}"))) {
      Reading given = SpecReader.read(file, new ReadOptions(Optional.empty(), sets, false));
      assertThat(given.isValid()).as(given.toText()).isTrue();
      same(given, sets.toString());
    }
  }

  @Test
  void texts_of_any_kind_read_back_as_they_were() throws IOException {
    for (String text :
        List.of(
            "plain",
            "two  spaces",
            "a: b # c",
            "- x",
            "'single' \"double\" \\ back",
            "line\nbreak\n\n  indented ",
            "ünïcödé \u2264 \uD83D\uDE00",
            "{braces} [brackets], commas",
            "yes",
            "0x10",
            ("word ".repeat(20).strip() + "\n").repeat(60))) {
      Path file =
          Files.writeString(
              temp.resolve("a.yaml"),
              "dsl: 1\nname: a\ntask: {kind: linear_regression, dim: 4, sequence_length: 8}\ndescription: |-\n"
                  + text.lines().map(l -> "  " + l + "\n").collect(Collectors.joining()));
      Reading given = SpecReader.read(file, ReadOptions.none().withSets("training.max_steps=10"));
      assertThat(given.isValid()).as(text + given.toText()).isTrue();
      same(given, text);
    }
  }

  @Test
  void a_very_long_option_and_name_leave_a_file_that_can_be_read() throws IOException {
    Path file =
        Files.writeString(
            temp.resolve("a.yaml"),
            "dsl: 1\nname: a\ntask: {kind: linear_regression, dim: 4, sequence_length: 8}\n");
    String set = "description=\"" + "much said ".repeat(398).strip() + "\"";
    Reading given = SpecReader.read(file, ReadOptions.none().withSets(set));
    assertThat(given.isValid()).as(given.toText()).isTrue();
    same(given, "folder/".repeat(600) + "a.yaml");
    assertThat(given.standalone("folder/".repeat(600) + "a.yaml").lines().findFirst().orElseThrow())
        .contains("folder/a.yaml");
  }

  @Test
  void a_file_that_stands_for_itself_stays_as_it_was_written() throws IOException {
    String text =
        "# mine\ndsl: 1\nname: a\ntask: {kind: linear_regression, dim: 4, sequence_length: 8}\n";
    Path file = Files.writeString(temp.resolve("a.yaml"), text);
    assertThat(SpecReader.read(file, ReadOptions.none()).standalone("a.yaml")).isEqualTo(text);
  }

  /** What {@code --set PATH=null} took out of the file is not there in its sweeps either. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "grid: {task.dim: [4, 8]}",
        "set: {training.max_steps: 200}, grid: {task.dim: [4, 8]}",
        "set: {measurement: {stop: {when: low, extra: 10%}}}",
        "variants: {a: {training.max_steps: 200}, b: {training.max_steps: 300}}",
      })
  void what_set_takes_away_is_taken_away_of_every_sweep(String sweep) {
    String text =
        "measurement: {thresholds: {low: {metric: test.loss, below: 0.1}}, stop: {when: low}}\n"
            + "sweeps: {s: {SWEEP}}\n".replace("SWEEP", sweep);
    Reading read = Experiment.with(text).set("measurement.stop=null").read();
    assertThat(read.toText()).isEmpty();
    assertThat(read.spec().orElseThrow().sweeps().get("s").conditions())
        .allMatch(c -> c.config().measurement().stop().when().isEmpty());
    same(read, "taken");
  }

  /** The mapping that holds it is replaced as a whole where files are merged, and is kept here. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "grid: {task.dim: [4, 8]}",
        "set: {measurement: {stop: {when: low, extra: 30%}}}, grid: {task.dim: [4, 8]}",
        "variants: {a: {training.max_steps: 200}, b: {training.max_steps: 300}}",
      })
  void one_key_of_a_whole_is_taken_away_alone(String sweep) {
    String text =
        "measurement: {thresholds: {low: {metric: test.loss, below: 0.1}},"
            + " stop: {when: low, extra: 35%}}\n"
            + "sweeps: {s: {SWEEP}}\n".replace("SWEEP", sweep);
    Reading read = Experiment.with(text).set("measurement.stop.extra=null").read();
    assertThat(read.toText()).isEmpty();
    assertThat(read.spec().orElseThrow().sweeps().get("s").conditions())
        .allSatisfy(
            c -> {
              assertThat(c.config().measurement().stop().when()).contains("low");
              assertThat(c.config().measurement().stop().extra()).isEqualTo(0.2);
            });
    same(read, "alone");
  }

  /** The kind that is set takes the same keys away here as in the sweep of the file. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "set: {architecture: {kind: gated_delta, embedding_dim: 32}}",
        "set: {architecture.embedding_dim: 32, architecture.kind: gated_delta}",
        "set: {architecture.embedding_dim: 32}",
        "variants: {a: {architecture.heads: 2}, b: {architecture: {embedding_dim: 32}}}",
        "set: {architecture.kind: gated_delta}, variants: {a: {architecture.embedding_dim: 32}}",
        "set: {architecture.kind: gated_delta}, grid: {heads: [1, 2]}",
      })
  void a_kind_that_is_set_leaves_what_it_leaves_of_every_sweep(String sweep) {
    Reading read =
        Experiment.with("sweeps: {s: {" + sweep + "}}\n")
            .set("architecture.kind=linear_attention", "architecture.layers=1")
            .read();
    assertThat(read.spec().orElseThrow().sweeps().get("s").conditions())
        .allMatch(c -> c.config().architecture() instanceof LinearAttentionSpec);
    same(read, sweep);
  }

  @Test
  void what_is_not_there_cannot_be_taken_away() {
    Experiment file = Experiment.with("sweeps: {s: {grid: {task.dim: [4, 8]}}}\n");
    assertThat(file.set("task.dmi=null").read().toText()).contains("E102", "did you mean 'dim'?");
  }
}
