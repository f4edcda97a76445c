package dev.emergence.dsl.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The schema and the reader agree on what a schema can say. */
class SchemaWriterTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(JsonMapper.builder().build().readTree(SchemaWriter.write()));

  private static final String VALID =
      """
      dsl: 1
      name: small
      task: {kind: linear_regression, dim: 16, sequence_length: 32}
      measurement: {thresholds: {plateau: {metric: test.loss, below: 0.1}}}
      sweeps: {vary_d: {grid: {task.dim: [8, 16, 32]}}}
      """;

  private static List<Error> errors(String yaml) {
    JsonNode tree = YAMLMapper.builder().build().readTree(yaml);
    return SCHEMA.validate(tree);
  }

  static Stream<Path> validFiles() throws IOException {
    try (Stream<Path> examples = Files.walk(Path.of("dsl-examples"));
        Stream<Path> tests = Files.walk(Path.of("tests/resources/spec-valid"))) {
      return Stream.concat(examples, tests)
          .filter(p -> p.toString().endsWith(".yaml"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("validFiles")
  void a_file_that_reads_satisfies_the_schema(Path file) throws IOException {
    assertThat(errors(Files.readString(file))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"d", "lr", "learning_rate"})
  void a_sweep_may_set_symbols(String symbol) {
    String file = VALID.replace("{grid: {task.dim: [8, 16, 32]}}", "{set: {" + symbol + ": 8}}");
    assertThat(SpecReader.read("x.yaml", file, ReadOptions.none()).isValid()).isTrue();
    assertThat(errors(file)).isEmpty();
    refusedByBoth(file.replace(symbol + ": 8", symbol + "s: 8"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"d", "lr", "learning_rate", "rate"})
  void axes_may_be_symbols(String symbol) {
    String file =
        VALID.replace("task.dim: [8, 16, 32]", symbol + ": [8, 16]")
            + "symbols: {rate: training.optimizer.learning_rate}\n";
    assertThat(SpecReader.read("x.yaml", file, ReadOptions.none()).isValid()).isTrue();
    assertThat(errors(file)).isEmpty();
    assertThat(errors(file.replace("[8, 16]", "[]"))).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dim: 16 | dimm: 16",
        "dim: 16 | dim: 0",
        "dim: 16 | dim: 2.5",
        "dim: 16 | dim: many",
        "dim: 16 | dim: [16]",
        "dim: 16 | dim: 16, pairs: 3",
        "linear_regression | linear_regresion",
        "name: small | nam: small",
        "dsl: 1 | dsl: 2",
        "dsl: 1 | dsl: '1'",
        "below: 0.1 | below: low",
        "below: 0.1 | bellow: 0.1",
        "{thresholds: | [thresholds] #",
        "task.dim: [8 | task.dimm: [8",
        "task.dim: [8, 16, 32] | task.dim: []",
        "task.dim: [8, 16, 32] | task.dim: {from: 8, to: 32, nums: 3}",
        "task.dim: [8, 16, 32] | task.dim: {from: 8, num: 3}",
        "grid: | grids:",
      })
  void a_file_that_the_schema_can_fault_is_refused_by_both(String good, String bad) {
    String broken = VALID.replace(good, bad);
    assertThat(broken).isNotEqualTo(VALID);
    refusedByBoth(broken);
  }

  private static void refusedByBoth(String broken) {
    assertThat(errors(broken)).as("schema on%n%s", broken).isNotEmpty();
    assertThat(SpecReader.read("x.yaml", broken, ReadOptions.none()).isValid())
        .as("reader")
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "training: {optimizer: {kind: sgd, beta1: 0.9}}",
        "training: {optimizer: {kind: adam, learning_rate: -1}}",
        "training: {precision: float16}",
        "architecture: {kind: transformer, skip_connections: 1}",
        "seeds: {count: 0}",
        "seeds: no",
        "execution: {checkpoint_every: 5 minutes}",
        "execution: {on_failure: panic}",
        "fits: {law: {data: vary_d, formula: \"T_plateau = C*d^a\", expect: {a: {nearly: 1}}}}",
        "plots: {left: {kind: scaling, data: vary_d, x: d, y: plateau.steps, scale: semilog}}",
        "plots: {left: {kind: histogram, data: vary_d}}",
        "profiles: {laptop: {trainings: {}}}",
      })
  void a_bad_section_is_refused_by_both(String section) {
    refusedByBoth(VALID + section + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "training.tokens_per_step: [256, 512]",
        "repetition.dataset: [64, endless]",
        "repetition.dataset: {from: 64, to: 4096, num: 4, spacing: log}",
      })
  void an_axis_of_a_number_that_may_be_absent_is_accepted_by_both(String axis) {
    String swept = VALID.replace("task.dim: [8, 16, 32]", axis);
    assertThat(errors(swept)).isEmpty();
    assertThat(SpecReader.read("x.yaml", swept, ReadOptions.none()).toText()).isEmpty();
  }

  @Test
  void the_unbroken_file_is_accepted_by_both() {
    assertThat(errors(VALID)).isEmpty();
    assertThat(SpecReader.read("x.yaml", VALID, ReadOptions.none()).toText()).isEmpty();
  }

  @Test
  void short_forms_are_in_the_schema() {
    String shorts =
        VALID
            +
"""
seeds: none
plots:
  left: {kind: scaling, data: [vary_d], x: d, y: plateau.steps, scale: loglog, color: null}
""";
    assertThat(errors(shorts)).isEmpty();
    assertThat(
            errors(
                VALID.replace("below: 0.1}}", "below: 0.1}}, stop: {when: plateau, extra: 20%}")))
        .isEmpty();
  }

  @Test
  void the_schema_is_documented_for_editors() {
    assertThat(SchemaWriter.write())
        .contains("Number of entries in a token and in the target.")
        .contains("\"default\"");
  }
}
