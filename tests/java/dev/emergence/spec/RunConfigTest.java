package dev.emergence.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A configuration is valid or not constructed, whoever constructs it. */
class RunConfigTest {
  private static final RunConfig VALID =
      SpecReader.read(
              "x.yaml",
              "dsl: 1\nname: x\ntask: {kind: associative_recall, pairs: 8, tokens: 32}\n",
              ReadOptions.none())
          .spec()
          .orElseThrow()
          .base();

  @Test
  void all_contradictions_are_found_at_once() {
    TaskSpec tooMany = new TaskSpec.AssociativeRecall(40, 32, TaskSpec.QueryPlacement.AT_LEAST_ONE);
    RepetitionSpec copies = new RepetitionSpec(64, 0.5, 33, List.of());
    assertThatThrownBy(
            () ->
                new RunConfig(
                    tooMany, copies, VALID.architecture(), VALID.training(), VALID.measurement()))
        .isInstanceOfSatisfying(
            InvalidSpec.class,
            e ->
                assertThat(e.problems())
                    .extracting(Problem::path)
                    .containsExactlyInAnyOrder(
                        "repetition.in_context", "task.pairs", "repetition.repeated_tokens"))
        .hasMessageContaining("40 pairs need as many different keys, but there are 32 tokens");
  }

  @Test
  void an_integrated_toy_model_has_no_data_set() {
    String toy =
        "dsl: 1\nname: x\nseeds: none\ntask: {kind: linear_regression, dim: 4, sequence_length: 8,"
            + " relevant_position: last, relevant_feature: false}\nrepetition: {dataset: 64}\n"
            + "architecture: {kind: toy%s}\ntraining: {optimizer: %s}\n";
    assertThat(
            SpecReader.read(
                    "x.yaml", toy.formatted("", "{kind: gradient_flow}"), ReadOptions.none())
                .toText())
        .contains(
            "x.yaml:5:23: error E140: an integrated toy model moves on the expected loss, which no"
                + " finite data set has",
            "leave dataset out, or use dynamics: sgd");
    assertThat(
            SpecReader.read(
                    "x.yaml",
                    toy.formatted(", dynamics: sgd", "{kind: sgd}").replace("none", "1"),
                    ReadOptions.none())
                .toText())
        .isEmpty();
  }

  @Test
  void a_threshold_on_what_nothing_measures_is_refused() {
    Threshold threshold =
        new Threshold("test.los", Optional.of(0.1), Optional.empty(), Relative.ABSOLUTE, 1);
    MeasurementSpec m = VALID.measurement();
    MeasurementSpec wrong =
        new MeasurementSpec(
            m.evaluateEvery(),
            m.evaluateSamples(),
            m.testSets(),
            Map.of("plateau", threshold),
            m.stop(),
            m.attention(),
            m.trajectory());
    assertThatThrownBy(
            () ->
                new RunConfig(
                    VALID.task(),
                    VALID.repetition(),
                    VALID.architecture(),
                    VALID.training(),
                    wrong))
        .isInstanceOfSatisfying(
            InvalidSpec.class,
            e -> {
              assertThat(e.problems()).singleElement().extracting(Problem::code).isEqualTo("E151");
              assertThat(e.problems().get(0).hint()).contains("test.loss test.accuracy");
            });
  }

  @Test
  void metrics_are_those_of_task_and_architecture() {
    assertThat(Metrics.of(VALID))
        .containsExactly("test.loss", "test.accuracy", "train.loss", "train.accuracy");
    assertThat(Metrics.has(VALID, "attention.1.1.relevant")).isFalse();
    RunConfig recorded =
        SpecReader.read(
                "x.yaml",
                "dsl: 1\n"
                    + "name: x\n"
                    + "task: {kind: associative_recall, pairs: 8, tokens: 32}\n"
                    + "measurement: {attention: {record: relevant}}\n",
                ReadOptions.none())
            .spec()
            .orElseThrow()
            .base();
    assertThat(Metrics.has(recorded, "attention.relevant")).isTrue();
    assertThat(Metrics.has(recorded, "attention.2.4.relevant")).isTrue();
    assertThat(Metrics.has(recorded, "attention.3.1.relevant")).isFalse();
    assertThat(Metrics.has(recorded, "attention.1.5.relevant")).isFalse();
    assertThat(Metrics.has(recorded, "attention.1.1.entropy")).isFalse();
  }

  @Test
  void keys_are_the_components_in_snake_case() {
    assertThat(Keys.of(TransformerSpec.class))
        .extracting(Keys.Component::name)
        .contains("head_dim", "mlp_factor", "layers");
    assertThat(Keys.snake("abstract_")).isEqualTo("abstract");
    assertThat(Keys.word(ArchitectureSpec.Initialization.NORMAL_002)).isEqualTo("normal_002");
    assertThat(Keys.kinds(OptimizerSpec.class))
        .containsOnlyKeys("adam", "adamw", "muon", "sgd", "gradient_flow");
    assertThat(Keys.kindOf((Record) VALID.training().optimizer())).isEqualTo("adam");
  }
}
