package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.result.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the data cannot give is said wherever a law is shown, in the same words. */
class FewSeedsTest {
  private static final String FILE =
      """
      dsl: 1
      name: few
      task: {kind: linear_regression, dim: 2, sequence_length: 4}
      architecture: {kind: transformer, layers: 1, heads: 1, embedding_dim: 16, head_dim: 8}
      training: {optimizer: {kind: adam, learning_rate: 3.0e-3}, batch_size: 32, max_steps: 40}
      measurement:
        evaluate_every: 2
        evaluate_samples: 128
        thresholds: {plateau: {metric: test.loss, below: 0.3}}
        stop: {when: plateau, extra: 0%}
      seeds: {count: SEEDS}
      sweeps: {sizes: {grid: {task.dim: [2, 3, 4]}}}
      fits: {law: {data: sizes, formula: "T_plateau = C * d^alpha"}}
      """;

  @TempDir Path temp;

  private Shell run(int seeds) throws Exception {
    return run(FILE, seeds);
  }

  private Shell run(String yaml, int seeds) throws Exception {
    Path file =
        Files.writeString(temp.resolve("few.yaml"), yaml.replace("SEEDS", Integer.toString(seeds)));
    Shell shell =
        Shell.run("run", file, "--out", temp.resolve("out"), "--device", "cpu", "--in-process");
    assertThat(shell.code()).as(shell.err()).isZero();
    return shell;
  }

  private String stored(String name) throws Exception {
    return Files.readString(temp.resolve("out").resolve(name));
  }

  @ParameterizedTest
  @CsvSource({"1, one seed says", "2, 2 seeds say"})
  void an_interval_that_cannot_be_given_is_missing_and_explained(int seeds, String who)
      throws Exception {
    String words =
        "no 95% interval: "
            + who
            + " too little about how much seeds differ; use 3 or more seeds, or interval: {by: point}";
    Shell shell = run(seeds);
    assertThat(shell.out() + shell.err()).contains(words).doesNotContain("95% interval -");
    assertThat(stored("fits.json")).contains(words);
    assertThat(stored("report.html")).contains(words);
    assertThat(Shell.run("fit", temp.resolve("out")).out()).contains(words);
    Map<?, ?> law = (Map<?, ?>) Json.read(stored("fits.json"), "fits.json").get("law");
    Map<?, ?> alpha = (Map<?, ?>) ((Map<?, ?>) law.get("parameters")).get("alpha");
    assertThat(alpha.get("lower")).isNull();
    assertThat(alpha.get("upper")).isNull();
    assertThat(alpha.get("value")).isNotNull();
  }

  @Test
  void one_run_is_one_point() throws Exception {
    String one = FILE.replace("[2, 3, 4]", "[3]").replace("C * d^alpha", "C");
    assertThat(run(one, 1).out()).contains("\n  1 point\n");
    assertThat(stored("report.html")).contains("1 point (").doesNotContain("1 points");
  }

  @Test
  void three_seeds_have_an_interval_and_nothing_to_explain() throws Exception {
    Shell shell = run(3);
    assertThat(shell.out() + shell.err())
        .containsPattern("alpha +[0-9.-]+ +95% interval")
        .doesNotContain("too little");
    assertThat(stored("report.html")).doesNotContain("too little about how much seeds differ;");
  }
}
