package dev.emergence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.emergence.plan.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Test sets of prompts that ask for nothing are named before training, and after it. */
class NothingScoredTest {
  /** Of three sequences of four tokens, of which one of very many is a trigger, none asks. */
  private static final String RARE =
      """
      dsl: 1
      name: rare
      task: {kind: trigger_bigrams, vocabulary: 512, sequence_length: 4, triggers: 1}
      architecture: {kind: transformer, layers: 1, heads: 1, embedding_dim: 4, head_dim: 4}
      training: {max_steps: 2, batch_size: 2}
      measurement:
        evaluate_every: 2
        evaluate_samples: 3
        test_sets: {test: {}, triggers: {prompts: triggers}, bigrams: {prompts: bigrams}}
        thresholds: {found: {metric: triggers.accuracy, above: 0.9}}
      seeds: {count: 2}
      fits: {law: {data: size, formula: "T_found = C * V^a"}}
      sweeps: {size: {grid: {task.vocabulary: [256, 512]}}}
      """;

  private static final String WARNED =
      "warning: test set triggers asks for nothing in 4 of 4 runs: none of its 3 sequences holds a"
          + " prompt, so that its metrics have no number; use more evaluate_samples";

  @TempDir private Path temp;

  private Path file(String text) throws IOException {
    return Files.writeString(temp.resolve("rare.yaml"), text);
  }

  @Test
  void all_rows_are_not_passed_where_a_rare_one_is_never_scored() throws IOException {
    String rows =
        """
        dsl: 1
        name: rare
        task: {kind: linear_map, cells: 6, parents: 2, row_zipf: 4}
        architecture: {kind: transformer, layers: 1, heads: 1, embedding_dim: 4, head_dim: 4}
        training: {max_steps: 2, batch_size: 2}
        measurement:
          evaluate_every: 2
          evaluate_samples: 4
          test_sets: {test: {row_zipf: as_trained}}
          thresholds: {row: {metric: "test.loss.row.*", below: 100}}
        seeds: {count: 1}
        """;
    Shell.run("run", file(rows), "--out", temp.resolve("r"));
    assertThat(Shell.run("list", temp.resolve("r")).out())
        .contains("row.0=0", "row.5=unmeasured", "row.first=unmeasured", "row.all=unmeasured");
  }

  @Test
  void plan_and_run_tell_of_it_and_what_came_out_says_so() throws IOException {
    Path file = file(RARE);
    assertThat(Shell.run("plan", file, "--no-calibrate").err()).contains(WARNED);
    Shell ran = Shell.run("run", file, "--out", temp.resolve("r"));
    assertThat(ran.err()).contains(WARNED).doesNotContain("test set bigrams");
    assertThat(ran.out())
        .contains(
            "nothing is scored in the test set triggers in 4 of 4 runs: its metrics have no number,"
                + " and found is never passed there; with more evaluate_samples than 3 it may hold"
                + " something")
        .contains("0 points; 4 unmeasured");
    assertThat(Shell.run("list", temp.resolve("r")).out()).contains("found=unmeasured");
    assertThat(temp.resolve("r/fits.json")).content().contains("\"unmeasured\": 4");
    assertThat(temp.resolve("r/report.html"))
        .content()
        .contains("0/2 (2 unmeasured)", "found not measured");
  }

  @Test
  void a_test_set_that_asks_once_is_not_named() throws IOException {
    Path file = file(RARE.replace("sequence_length: 4", "sequence_length: 64"));
    assertThat(Shell.run("plan", file, "--no-calibrate").err()).doesNotContain("asks for nothing");
  }

  private static List<String> warnings(String vary, String seeds) {
    return NothingScored.warnings(
        Yaml.plan(
            RARE.replace("count: 2", seeds)
                .replace("task.vocabulary: [256, 512]", vary)
                .replace("fits: {law: {data: size, formula: \"T_found = C * V^a\"}}\n", "")));
  }

  private static String said(int empty, int runs, int sequences) {
    return "test set triggers asks for nothing in %d of %d runs: none of its %s holds"
        .formatted(empty, runs, sequences == 1 ? "1 sequence" : sequences + " sequences");
  }

  /** Long sequences hold a trigger, and so do some of very many. */
  @Test
  void runs_that_ask_for_something_are_counted_beside_those_that_do_not() {
    assertThat(warnings("task.sequence_length: [4, 64]", "count: 2"))
        .singleElement(STRING)
        .contains(said(2, 4, 3));
    assertThat(warnings("measurement.evaluate_samples: [1, 9000]", "count: 2"))
        .singleElement(STRING)
        .contains(said(2, 2, 1));
  }

  @Test
  void each_seed_has_sequences_of_its_own() {
    String vary = "task.vocabulary: [8]";
    int empty = 0;
    for (int seed = 0; seed < 12; seed++) {
      empty += warnings(vary, "count: 1, first: " + seed).size();
    }
    assertThat(empty).isBetween(1, 11);
    assertThat(warnings(vary, "count: 12")).singleElement(STRING).contains(said(empty, 12, 3));
  }

  /** Of two sets of prompts 256 are drawn, and count for all runs that have the same sequences. */
  @Test
  void of_very_many_seeds_the_first_are_drawn_once_for_all_conditions() {
    assertThat(warnings("training.batch_size: [2, 3]", "count: 130"))
        .singleElement(STRING)
        .contains("asks for nothing in 256 of the first 256 of 260 runs: none of its 3 sequences");
  }
}
