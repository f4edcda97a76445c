package dev.emergence.task;

import dev.emergence.tensor.RandomLane;
import java.util.Arrays;
import org.hipparchus.distribution.continuous.GammaDistribution;

/** Transition matrices with rows from a Dirichlet distribution. */
final class TransitionMatrix {
  private static final int PATIENCE = 10_000;

  private TransitionMatrix() {}

  /**
   * Rows from a symmetric Dirichlet distribution. Entry i of the matrix is proportional to G ·
   * u^(1/a), which is a gamma variable of shape a: G has shape a + 1 and is the quantile of number
   * 2i, and u is number 2i + 1. Logarithms keep what is too small for a double.
   *
   * @param symbols rows and columns, K
   * @param concentration parameter of every symbol, a
   * @param lane its numbers are the middles of 2^24 equal parts of [0, 1]
   * @return (K, K); entry (i, j) is the probability that j follows i
   */
  static double[][] draw(int symbols, double concentration, RandomLane lane) {
    GammaDistribution gamma = new GammaDistribution(concentration + 1, 1);
    double[][] rows = new double[symbols][symbols];
    for (int i = 0; i < symbols * symbols; i++) {
      double quantile = gamma.inverseCumulativeProbability(middle(lane, 2L * i));
      rows[i / symbols][i % symbols] =
          StrictMath.log(quantile) + StrictMath.log(middle(lane, 2L * i + 1)) / concentration;
    }
    Arrays.stream(rows).forEach(TransitionMatrix::normalise);
    return rows;
  }

  private static double middle(RandomLane lane, long i) {
    return lane.uniform(i) + 0x1p-25;
  }

  /** From logarithms of weights to probabilities. */
  private static void normalise(double[] row) {
    double most = Arrays.stream(row).max().orElseThrow();
    for (int j = 0; j < row.length; j++) {
      row[j] = StrictMath.exp(row[j] - most);
    }
    double sum = Arrays.stream(row).sum();
    for (int j = 0; j < row.length; j++) {
      row[j] /= sum;
    }
  }

  /** How often each symbol occurs in the long run. */
  static double[] stationary(double[][] rows) {
    double[] now = new double[rows.length];
    Arrays.fill(now, 1.0 / rows.length);
    for (int round = 0; round < PATIENCE; round++) {
      double[] next = new double[rows.length];
      for (int i = 0; i < rows.length; i++) {
        for (int j = 0; j < rows.length; j++) {
          // The mean of staying and going: it settles for periodic chains, too.
          next[j] += now[i] * rows[i][j] / 2;
        }
        next[i] += now[i] / 2;
      }
      now = next;
    }
    return now;
  }
}
