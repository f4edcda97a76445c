package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.yaml.Diagnostic;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be read is one problem, and not that of all that uses it. */
class OneMistakeTest {
  private static final String FILE =
      """
      dsl: 1
      name: x
      task: {kind: linear_regression, dim: 2, sequence_length: 4}
      measurement:
        thresholds: {plateau: {metric: test.loss, below: 0.3}}
      sweeps:
        main: {grid: {task.dim: [1, 2, 3]}}
      fits:
        law: {data: main, formula: "T_plateau = C * d^alpha"}
      plots:
        law: {kind: scaling, data: main, x: d, y: plateau.steps, line: law}
      profiles:
        laptop: {seeds: 2}
      """;

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "task: {             | task: &a {           | E105",
        "task: {             | task: !map {         | E105",
        "thresholds: {plateau| thresholds: &a {plateau| E105",
        "sweeps:             | sweeps: &a           | E105",
        "fits:               | fits: &a             | E105",
        "{plateau: {metric: test.loss, below: 0.3}} | [plateau] | E111",
        "{plateau: {metric: test.loss, below: 0.3}} | plateau | E111",
        "'  main: {'         | '\tmain: {'          | E101",
        "'  law: {data'      | '\tlaw: {data'       | E101",
        "'  laptop: {'       | '\tlaptop: {'        | E101"
      })
  void is_reported_once(String right, String wrong, String code) {
    assertThat(FILE).contains(right);
    List<Diagnostic> found =
        SpecReader.read(
                "x.yaml", FILE.replace(right, wrong), ReadOptions.none().withProfile("laptop"))
            .diagnostics();
    assertThat(found).extracting(d -> d.code().name()).as(found.toString()).containsExactly(code);
  }
}
