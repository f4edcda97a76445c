package dev.emergence.task;

/**
 * What is known of the rows of a transition matrix from what followed each symbol or context so
 * far. A row is drawn from a symmetric Dirichlet distribution with parameter c. Averaged over that,
 * an outcome that was seen n times of N in a row is the next one there with probability (n + c) /
 * (N + K c). So drawing from an urn is drawing a matrix and then from it, and its probabilities are
 * the prediction of Bayes.
 */
final class PolyaUrn {
  private final double concentration;
  private final int[][] counts;
  private final int[] sums;

  /**
   * @param rows of the matrix
   * @param outcomes in each row, K
   * @param concentration parameter of every outcome, c
   */
  PolyaUrn(int rows, int outcomes, double concentration) {
    this.concentration = concentration;
    this.counts = new int[rows][outcomes];
    this.sums = new int[rows];
  }

  /** The probability that an outcome is the next one in a row. */
  double probability(int row, int outcome) {
    double all = sums[row] + counts[row].length * concentration;
    return (counts[row][outcome] + concentration) / all;
  }

  /** Writes the probability of each outcome of a row to {@code to}. */
  void predict(int row, double[] to) {
    for (int outcome = 0; outcome < to.length; outcome++) {
      to[outcome] = probability(row, outcome);
    }
  }

  /** Counts an outcome of a row. */
  void add(int row, int outcome) {
    counts[row][outcome]++;
    sums[row]++;
  }
}
