package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec.LinearRegression;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The distribution of linear regression's sequences. */
class LinearRegressionStatisticsTest {
  private static final int SEED = 21;

  private static Drawn draw(RunConfig config, int samples) {
    try (Lab lab = Lab.of(config, SEED)) {
      return lab.training(samples, 1);
    }
  }

  /** Means of x_i and of x_i x_j over vectors of width d, held to covariance C. */
  private static void assertMoments(String what, double[][] vectors, double[][] covariance) {
    int d = covariance.length;
    int n = vectors.length;
    for (int i = 0; i < d; i++) {
      double mean = 0;
      for (double[] x : vectors) {
        mean += x[i] / n;
      }
      Chance.assertMean(what + " " + i, mean, n, 0, Math.sqrt(covariance[i][i]));
      for (int j = 0; j <= i; j++) {
        double product = 0;
        double square = 0;
        for (double[] x : vectors) {
          product += x[i] * x[j] / n;
          square += x[i] * x[i] * x[j] * x[j] / n;
        }
        Chance.assertMean(
            what + " " + i + "," + j,
            product,
            n,
            covariance[i][j],
            Math.sqrt(square - product * product));
      }
    }
  }

  private static double[][] diagonal(int d, double value) {
    double[][] c = new double[d][d];
    for (int i = 0; i < d; i++) {
      c[i][i] = value;
    }
    return c;
  }

  @Test
  void tokens_are_gaussian_with_covariance_one_over_d() {
    Drawn drawn =
        draw(
            Configs.regression(
                "task.relevant_position=last", "task.dim=3", "task.relevant_feature=false"),
            4000);
    double[][] tokens = new double[4000 * 7][];
    double norm = 0;
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = drawn.token(i / 7, i % 7);
      norm += Arrays.stream(tokens[i]).map(x -> x * x).sum() / tokens.length;
    }
    assertMoments("token", tokens, diagonal(3, 1.0 / 3));
    // ‖x‖² is chi-squared with d degrees of freedom over d: variance 2/d.
    Chance.assertMean("squared norm", norm, tokens.length, 1, Math.sqrt(2.0 / 3));
  }

  @Test
  void fresh_relevant_vectors_have_covariance_one_over_d() {
    Drawn drawn =
        draw(
            Configs.regression(
                "task.dim=3", "task.relevant_feature=false", "task.relevant_position=fixed"),
            20000);
    assertMoments("relevant vector", relevant(drawn), diagonal(3, 1.0 / 3));
  }

  @Test
  void special_tokens_come_with_probability_p_and_shift_the_covariance() {
    double p = 0.3;
    RunConfig config =
        Configs.regression(
            "task.dim=3",
            "repetition.cross_sample=0.3",
            "task.relevant_feature=false",
            "task.relevant_position=last");
    double[] special = RegressionConstants.draw((LinearRegression) config.task(), SEED).special();
    double[][] vectors = relevant(draw(config, 20000));
    Chance.assertBinomial(
        "special",
        Arrays.stream(vectors).filter(r -> Arrays.equals(r, special)).count(),
        vectors.length,
        p);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j <= i; j++) {
        double product = 0;
        double square = 0;
        for (double[] r : vectors) {
          product += r[i] * r[j] / vectors.length;
          square += r[i] * r[i] * r[j] * r[j] / vectors.length;
        }
        double want = p * special[i] * special[j] + (i == j ? (1 - p) / 3 : 0);
        Chance.assertMean(
            "r " + i + "," + j,
            product,
            vectors.length,
            want,
            Math.sqrt(square - product * product));
      }
    }
  }

  private static double[][] relevant(Drawn drawn) {
    double[][] vectors = new double[drawn.samples()][];
    for (int n = 0; n < vectors.length; n++) {
      vectors[n] = drawn.token(n, drawn.relevant(n)[0]);
    }
    return vectors;
  }

  @Test
  void the_random_position_of_one_copy_is_uniform() {
    Drawn drawn = draw(Configs.regression("task.dim=1", "task.sequence_length=7"), 7000);
    long[] counts = new long[7];
    for (int n = 0; n < drawn.samples(); n++) {
      counts[drawn.relevant(n)[0]]++;
    }
    Chance.assertUniform("position", counts);
  }

  @Test
  void every_subset_of_positions_is_equally_likely() {
    Drawn drawn =
        draw(
            Configs.regression("task.dim=1", "task.sequence_length=5", "repetition.in_context=2"),
            5000);
    // Pairs (a, b) with a < b of five positions, numbered by b (b - 1) / 2 + a.
    long[] counts = new long[10];
    for (int n = 0; n < drawn.samples(); n++) {
      int[] r = drawn.relevant(n);
      counts[r[1] * (r[1] - 1) / 2 + r[0]]++;
    }
    Chance.assertUniform("pair of positions", counts);
  }

  @Test
  void fixed_positions_are_uniform_over_seeds() {
    long[] counts = new long[5];
    LinearRegression spec =
        (LinearRegression)
            Configs.regression("task.sequence_length=5", "task.relevant_position=fixed").task();
    for (int seed = 0; seed < 2000; seed++) {
      counts[RegressionConstants.draw(spec, seed).positions()[0]]++;
    }
    Chance.assertUniform("first fixed position", counts);
  }

  @Test
  void sequences_of_a_batch_and_of_different_steps_are_uncorrelated() {
    try (Lab lab =
        Lab.of(
            Configs.regression(
                "task.dim=2", "task.relevant_feature=false", "task.relevant_position=last"),
            SEED)) {
      Drawn first = lab.training(3000, 1);
      Drawn second = lab.training(3000, 2);
      int n = first.input().length;
      double steps = 0;
      double neighbours = 0;
      int sequence = n / 3000;
      for (int i = 0; i < n; i++) {
        steps += first.input()[i] * second.input()[i] / n;
        neighbours += first.input()[i] * first.input()[(i + sequence) % n] / n;
      }
      Chance.assertMean("product of steps", steps, n, 0, 0.5);
      Chance.assertMean("product of neighbours", neighbours, n, 0, 0.5);
      assertThat(first.target()).isNotEqualTo(second.target());
    }
  }
}
