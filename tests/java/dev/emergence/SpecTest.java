package dev.emergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.emergence.plan.PlannedRun;
import dev.emergence.spec.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Experiments that are put together in Java are those of files. */
class SpecTest {
  private static final String FILE =
      """
      dsl: 1
      name: sizes
      description: "true"
      task: {kind: linear_regression, dim: 4, sequence_length: 8}
      architecture: {kind: transformer, layers: 1, heads: 2, embedding_dim: 16, head_dim: 8}
      training: {optimizer: {kind: adam, learning_rate: 3.0e-3}, batch_size: 16, max_steps: 400}
      measurement:
        evaluate_every: 10
        evaluate_samples: 64
        thresholds: {plateau: {metric: test.loss, below: 0.1}}
        stop: {when: plateau, extra: 20%}
      seeds: {count: 2}
      sweeps: {s: {grid: {task.dim: [2, 4, 8], training.optimizer.kind: [adam, sgd]}}}
      fits: {law: {data: s, formula: "T_plateau = C * d^alpha"}}
      plots: {p: {kind: scaling, data: s, x: d, y: plateau.steps, line: law}}
      execution: {checkpoint_every: 90500ms}
      """;

  private static Spec sizes() {
    return Spec.named("sizes")
        .set("description", "true")
        .set("task", Map.of("kind", "linear_regression", "dim", 4, "sequence_length", 8))
        .set("architecture.kind", "transformer")
        .set("architecture", Map.of("layers", 1, "heads", 2, "embedding_dim", 16, "head_dim", 8))
        .set("training.optimizer", Map.of("kind", "adam", "learning_rate", 3e-3))
        .set("training.batch_size", 16)
        .set("training.max_steps", 400L)
        .set("measurement", Map.of("evaluate_every", 10, "evaluate_samples", 64))
        .set("measurement.thresholds.plateau", Map.of("metric", "test.loss", "below", 0.1))
        .set("measurement.stop", Map.of("when", "plateau", "extra", "20%"))
        .set("seeds", 2)
        .grid("s", "task.dim", 2, 4, 8)
        .grid("s", "training.optimizer.kind", "adam", "sgd")
        .set("fits.law", Map.of("data", "s", "formula", "T_plateau = C * d^alpha"))
        .set("plots.p", Map.of("kind", "scaling", "data", "s", "x", "d", "y", "plateau.steps"))
        .set("plots.p.line", "law")
        .set("execution.checkpoint_every", Duration.ofMillis(90_500));
  }

  private static List<String> ids(Experiment experiment) {
    return experiment.plan().runs().stream().map(PlannedRun::id).toList();
  }

  @Test
  void an_experiment_in_Java_is_the_one_of_its_file() {
    Experiment file = Experiment.parse(FILE);
    Experiment java = Experiment.of(sizes());
    assertThat(ids(java)).hasSize(12).isEqualTo(ids(file));
    assertThat(java.spec()).isEqualTo(file.spec());
  }

  @Test
  void the_file_that_it_writes_gives_the_same_again() {
    Spec spec = sizes();
    Experiment java = Experiment.of(spec);
    assertThat(java.yaml()).isEqualTo(spec.yaml()).isEqualTo(spec.toString());
    assertThat(Experiment.parse(spec.yaml()).spec()).isEqualTo(java.spec());
    assertThat(java.origin().whole()).isEqualTo(spec.yaml());
  }

  static Stream<Path> examples() throws IOException {
    return Files.walk(Path.of("dsl-examples"))
        .filter(p -> p.toString().endsWith(".yaml") && !p.getParent().endsWith("base"))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void the_values_of_an_example_give_the_runs_of_the_example(Path file) throws IOException {
    Experiment example = Experiment.load(file);
    String whole = example.origin().whole();
    Spec spec = Spec.named("other");
    Map<?, ?> values = new YAMLMapper().readValue(whole, Map.class);
    for (Map.Entry<?, ?> value : values.entrySet()) {
      spec = spec.set((String) value.getKey(), value.getValue());
    }
    assertThat(ids(Experiment.of(spec))).isNotEmpty().isEqualTo(ids(example));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void the_records_of_an_example_give_the_runs_of_the_example(Path file) throws IOException {
    Experiment example = Experiment.load(file);
    RunConfig base = example.spec().base();
    Spec spec =
        Spec.named("records")
            .set("task", base.task())
            .set("repetition", base.repetition())
            .set("architecture", base.architecture())
            .set("training", base.training());
    if (base.training().tokensPerStep().isPresent()) {
      spec =
          spec.set("training.batch_size", null); // it follows from the other, and both is an error
    }
    // A resolved family of thresholds has names that no file can give.
    boolean family =
        base.measurement().thresholds().keySet().stream().anyMatch(t -> t.contains("."));
    RunConfig same =
        Experiment.of(family ? spec : spec.set("measurement", base.measurement())).spec().base();
    assertThat(List.of(same.task(), same.repetition(), same.architecture(), same.training()))
        .isEqualTo(List.of(base.task(), base.repetition(), base.architecture(), base.training()));
    assertThat(family || same.equals(base)).isTrue();
  }

  @Test
  void every_problem_is_told_at_once_in_the_words_of_files() {
    Spec wrong =
        sizes()
            .set("task.dim", -4)
            .set("architecture.head", 2)
            .set("training.batch_size", "16")
            .set("training.optimizer.learning_rate", Double.NaN)
            .set("fits.law.data", "sizes");
    InvalidExperiment found =
        catchThrowableOfType(InvalidExperiment.class, () -> Experiment.of(wrong));
    InvalidExperiment inFile =
        catchThrowableOfType(InvalidExperiment.class, () -> Experiment.parse(wrong.yaml()));
    assertThat(found)
        .hasMessageContainingAll(
            "task.dim must be an integer from 1 to",
            "got -4",
            "unknown key 'head' in architecture",
            "write 16 without quotes; training.batch_size is a number",
            "infinities and NaN are not allowed",
            "there is no sweep 'sizes'");
    assertThat(found.diagnostics())
        .extracting(d -> d.code() + " " + d.message())
        .isEqualTo(inFile.diagnostics().stream().map(d -> d.code() + " " + d.message()).toList());
    assertThat(found.diagnostics().get(0).file()).isEqualTo("Spec sizes");
  }

  @Test
  void a_later_value_wins_and_another_kind_drops_the_keys_of_the_one_before() {
    Spec spec = sizes().set("task.dim", 8).set("task.dim", 6).set("training.optimizer.kind", "sgd");
    assertThat(spec.set("seeds", null).set("fits", null).yaml()).doesNotContain("seeds", "fits");
    assertThat(spec.yaml()).contains("dim: 6").contains("optimizer: {kind: sgd}");
    assertThat(Experiment.of(sizes().set("training.optimizer", "sgd")).spec().base().training())
        .isEqualTo(Experiment.of(spec).spec().base().training());
  }

  @Test
  void axes_keep_their_order_and_maps_without_one_are_sorted() {
    assertThat(sizes().yaml().indexOf("task.dim: [2"))
        .isLessThan(sizes().yaml().indexOf("training.optimizer.kind: ["));
    assertThat(Spec.named("x").set("task", Map.of("dim", 1, "kind", "k", "a", true)).yaml())
        .contains("task: {a: true, dim: 1, kind: k}");
    assertThat(Spec.named("x").set("a", new int[] {3, 1}).yaml()).contains("a: [3, 1]");
  }

  @Test
  void an_axis_may_be_a_range_also_of_a_key_named_kind() {
    Map<String, Object> range = Map.of("from", 2, "to", 8, "num", 3, "spacing", "log");
    Spec spec = sizes().set("sweeps.s.grid.task.dim", range);
    assertThat(ids(Experiment.of(spec))).isEqualTo(ids(Experiment.of(sizes())));
  }

  @Test
  void what_cannot_be_written_is_refused_where_it_is_set() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Spec.named("x").set("task.dim", List.of(1, new Date())))
        .withMessageContaining("task.dim cannot be a java.util.Date");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Spec.named("x").set("task..dim", 3))
        .withMessageContaining("'task..dim' is no path");
  }
}
