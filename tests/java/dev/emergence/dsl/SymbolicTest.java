package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.expr.Symbols;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Symbols stand for paths wherever a path is expected. */
class SymbolicTest {
  private static final String BASE =
      """
      dsl: 1
      name: x
      task: {kind: linear_regression, dim: 2, sequence_length: 64}
      measurement: {thresholds: {plateau: {metric: test.loss, below: 0.3}}}
      """;

  private static final Symbols SYMBOLS = Symbols.of("linear_regression", Map.of());

  static Stream<String> symbols() {
    return SYMBOLS.official().stream();
  }

  @ParameterizedTest
  @MethodSource("symbols")
  void an_axis_by_symbol_is_the_axis_by_path(String symbol) {
    String values = symbol.equals("p") || symbol.equals("lr") ? "[0.1, 0.2]" : "[1, 2]";
    String path = SYMBOLS.path(symbol).orElseThrow();
    String bySymbol = "sweeps: {s: {grid: {" + symbol + ": " + values + "}}}\n";
    ExperimentSpec one = read(BASE + bySymbol);
    assertThat(one).isEqualTo(read(BASE + bySymbol.replace("{" + symbol + ":", "{" + path + ":")));
    assertThat(one.sweeps().get("s").axes()).containsOnlyKeys(path);
  }

  @Test
  void symbols_work_in_zip_set_select_and_on_the_command_line() {
    String symbols =
        "sweeps: {s: {set: {p: 0.1}, zip: {d: [2, 3], T: [8, 16]}, grid: {lr: [0.1, 0.2]},"
            + " select: {over: lr, by: {mean: plateau.steps}}}}\n";
    String paths =
        symbols
            .replace("{p:", "{repetition.cross_sample:")
            .replace("{d:", "{task.dim:")
            .replace(" T:", " task.sequence_length:")
            .replace("lr", "training.optimizer.learning_rate");
    assertThat(read(BASE + symbols)).isEqualTo(read(BASE + paths));
    assertThat(read(BASE, "d=7")).isEqualTo(read(BASE, "task.dim=7"));
    assertThat(read(BASE + symbols, "sweeps.s.grid.lr=[0.3]"))
        .isEqualTo(read(BASE + paths, "sweeps.s.grid.training.optimizer.learning_rate=[0.3]"));
  }

  @Test
  void a_symbol_beside_its_path_is_swept_twice() {
    assertThat(text(BASE + "sweeps: {s: {grid: {d: [2, 3], task.dim: [4]}}}\n"))
        .contains("error E124: task.dim is written twice here, as a symbol and as a path");
  }

  @Test
  void where_a_value_comes_from_can_be_asked_by_symbol() {
    Reading reading = SpecReader.read("x.yaml", BASE, ReadOptions.none());
    assertThat(reading.explain("T")).isEqualTo(reading.explain("task.sequence_length")).hasSize(1);
  }

  @Test
  void a_symbol_in_a_section_is_answered_with_the_path() {
    assertThat(text(BASE + "training: {lr: 0.1}\n"))
        .contains("did you mean 'training.optimizer.learning_rate'?");
  }

  private static ExperimentSpec read(String yaml, String... sets) {
    ReadOptions options = ReadOptions.none().withSets(sets);
    Reading reading = SpecReader.read("x.yaml", yaml, options);
    return reading.spec().orElseThrow(() -> new AssertionError(reading.toText()));
  }

  private static String text(String yaml) {
    return SpecReader.read("x.yaml", yaml, ReadOptions.none()).toText();
  }
}
