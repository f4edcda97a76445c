package dev.emergence.task;

import java.util.Arrays;
import java.util.List;

/** Loss and accuracy to expect of a strategy where the true probabilities are known: means. */
final class ExpectedScores {
  private double loss;
  private double hits;
  private long count;

  /**
   * @param truth the probability of each symbol
   * @param weights what is predicted, up to a factor
   */
  void take(double[] truth, double[] weights) {
    take(truth, weights, 1);
  }

  /**
   * The same, several times over.
   *
   * @param times how often
   */
  void take(double[] truth, double[] weights, long times) {
    double all = Arrays.stream(weights).sum();
    double most = Arrays.stream(weights).max().orElseThrow();
    double best = 0;
    int ties = 0;
    for (int symbol = 0; symbol < truth.length; symbol++) {
      if (truth[symbol] > 0) {
        loss -= times * truth[symbol] * Math.log(weights[symbol] / all);
      }
      if (weights[symbol] == most) {
        best += truth[symbol];
        ties++;
      }
    }
    hits += times * best / ties;
    count += times;
  }

  /** Whether nothing was taken, so that there is no mean. */
  boolean isEmpty() {
    return count == 0;
  }

  double loss() {
    return loss / count;
  }

  void add(List<Level> levels, String name, String doc) {
    levels.add(new Level(name, "loss", loss(), doc));
    levels.add(new Level(name, "accuracy", hits / count, doc));
  }
}
