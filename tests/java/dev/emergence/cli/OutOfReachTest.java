package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thresholds that the best possible prediction does not reach are named before training. */
class OutOfReachTest {
  private static final String CHAIN =
      """
      dsl: 1
      name: chain
      task: {kind: markov_chain, sequence_length: 8}
      architecture: {kind: transformer, layers: 1, heads: 1, embedding_dim: 4, head_dim: 4}
      training: {max_steps: 2, batch_size: 2}
      measurement:
        evaluate_every: 2
        evaluate_samples: 4
        test_sets: {test: {}}
        thresholds: {plateau: {%s}}
      seeds: {count: 1}
      sweeps: {size: {grid: {task.symbols: [2, 4]}}}
      """;

  @TempDir private Path temp;

  private Path file(String threshold) throws IOException {
    return Files.writeString(temp.resolve("chain.yaml"), CHAIN.formatted(threshold));
  }

  @Test
  void a_loss_below_the_oracle_is_out_of_reach() throws IOException {
    Path file = file("metric: test.loss, below: 0.7");
    String said =
        "warning: threshold plateau (test.loss below 0.7) is out of reach in 1 of 2 conditions:"
            + " the best possible prediction has 1.3";
    assertThat(Shell.run("plan", file, "--no-calibrate").err()).contains(said);
    assertThat(Shell.run("run", file, "--out", temp.resolve("r")).err()).contains(said);
  }

  @Test
  void an_accuracy_above_the_oracle_is_out_of_reach() throws IOException {
    assertThat(plan("metric: test.accuracy, above: 0.9"))
        .contains("plateau (test.accuracy above 0.9) is out of reach in 2 of 2 conditions");
  }

  /** A fall or a rise counts only after the metric was beyond from, which no model may reach. */
  @Test
  void a_fall_or_a_rise_from_beyond_the_oracle_is_out_of_reach() throws IOException {
    assertThat(plan("metric: test.accuracy, below: 0.3, from: 0.9"))
        .contains("plateau (test.accuracy below 0.3, from 0.9) is out of reach in 2 of 2")
        .contains("conditions: the best possible prediction has 0.");
    assertThat(plan("metric: test.loss, above: 1.5, from: 0.7"))
        .contains("plateau (test.loss above 1.5, from 0.7) is out of reach in 1 of 2 conditions");
    assertThat(plan("metric: test.loss, above: 1.5, from: 1.37")).doesNotContain("out of reach");
    assertThat(plan("metric: test.accuracy, below: 0.3, from: 0.32"))
        .doesNotContain("out of reach");
  }

  /** What it falls from is worse than what it must reach, or needs no good prediction. */
  @Test
  void what_need_not_be_learned_is_not_named_for_its_from() throws IOException {
    assertThat(plan("metric: test.loss, below: 1.37, from: 9")).doesNotContain("out of reach");
    assertThat(plan("metric: test.accuracy, above: 0.3, from: 0.1")).doesNotContain("out of reach");
    assertThat(plan("metric: test.loss, below: 0.7, from: 9"))
        .contains("plateau (test.loss below 0.7, from 9) is out of reach in 1 of 2 conditions");
  }

  @Test
  void what_can_be_reached_or_is_not_known_is_not_named() throws IOException {
    assertThat(plan("metric: test.loss, below: 1.37")).doesNotContain("out of reach");
    assertThat(plan("metric: test.loss, below: 0.1, relative_to: initial"))
        .doesNotContain("out of reach");
    assertThat(plan("metric: train.loss, below: 0.1")).doesNotContain("out of reach");
    assertThat(plan("metric: test.loss, above: 3")).doesNotContain("out of reach");
  }

  /** Each seed is a run of its own, and each lesser level is spared a fiftieth. */
  @Test
  void conditions_are_counted_once_and_a_level_near_the_oracle_is_none() throws IOException {
    String text = CHAIN.formatted("metric: test.accuracy, above: 0.9");
    Path file = Files.writeString(temp.resolve("seeds.yaml"), text.replace("count: 1", "count: 3"));
    String said = Shell.run("plan", file, "--no-calibrate").err();
    assertThat(said).contains("is out of reach in 2 of 2 conditions");
    Matcher oracle = Pattern.compile("has ([0-9.]+) \\(oracle\\)").matcher(said);
    assertThat(oracle.find()).isTrue();
    double best = Double.parseDouble(oracle.group(1));
    assertThat(plan("metric: test.accuracy, above: " + (best + 0.002)))
        .doesNotContain("in 2 of 2 conditions");
    assertThat(plan("metric: test.accuracy, above: " + (best + 0.02)))
        .contains("has " + oracle.group(1) + " (oracle)");
  }

  private String plan(String threshold) throws IOException {
    return Shell.run("plan", file(threshold), "--no-calibrate").err();
  }
}
