package dev.emergence.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.Experiment;
import dev.emergence.Results;
import dev.emergence.RunOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a model scores before its first step, against what its initial numbers imply. */
class FreshModelTest {
  private static final int SEEDS = 12;

  @TempDir Path temp;

  /** Mean loss at step 0 over seeds. */
  private double loss(String task, String more) throws IOException {
    String yaml =
        """
        dsl: 1
        name: fresh
        task: %s
        architecture: {kind: transformer, layers: 1, heads: 4, embedding_dim: 64, head_dim: 16, positional_encoding: learned, layer_norm: pre%s}
        training: {optimizer: {kind: adamw, learning_rate: 1.0e-3}, batch_size: 4, max_steps: 1}
        measurement: {evaluate_every: 1, evaluate_samples: 64}
        seeds: %d
        """
            .formatted(task, more, SEEDS);
    Results results =
        Experiment.parse(yaml).run(temp, RunOptions.defaults().onDevice("cpu").withJobs(1));
    return results.runs().stream()
        .mapToDouble(run -> run.stored().orElseThrow().curve().column("test.loss")[0])
        .average()
        .orElseThrow();
  }

  /**
   * The last layer norm gives numbers of mean square 1, the read-out has weights uniform in
   * ±1/sqrt(width): so logits are about normal with variance 1/3, and know nothing of the target.
   */
  private static double implied(int classes) {
    Random random = new Random(1);
    int draws = 200_000;
    double sum = 0;
    for (int n = 0; n < draws; n++) {
      double all = 0;
      double first = 0;
      for (int c = 0; c < classes; c++) {
        double logit = random.nextGaussian() / Math.sqrt(3);
        first = c == 0 ? logit : first;
        all += Math.exp(logit);
      }
      sum += Math.log(all) - first;
    }
    return sum / draws;
  }

  @ParameterizedTest
  @CsvSource({
    "'{kind: linear_map, cells: 8, parents: 3}', 2",
    "'{kind: cellular_automaton, cells: 6, states: 4, rules: 16}', 4",
  })
  void a_fresh_model_loses_what_its_initial_numbers_imply(String task, int classes)
      throws IOException {
    double implied = implied(classes);
    assertThat(implied).isGreaterThan(Math.log(classes) + 0.05);
    assertThat(loss(task, "")).isCloseTo(implied, Percentage.withPercentage(4));
  }

  @Test
  void a_model_whose_outputs_begin_at_zero_guesses() throws IOException {
    assertThat(loss("{kind: linear_map, cells: 8, parents: 3}", ", output_initialization: zero"))
        .isCloseTo(Math.log(2), within(1e-6));
  }
}
