package dev.emergence.task;

import dev.emergence.spec.MarkovChain;
import dev.emergence.spec.MarkovChain.Stationary;
import java.util.Arrays;

/**
 * What follows in a Markov chain of which nothing is known but its symbols so far. A row of the
 * transition matrix is drawn from a Dirichlet distribution with parameter c. Averaged over that, a
 * symbol that followed the present context n times of N follows it again with probability (n + c) /
 * (N + K c): the urn of Pólya. So this is the law of the sequences, and the prediction of Bayes.
 *
 * <p>Where all symbols are equally frequent, the chain has one probability, that of a repetition,
 * which is drawn from Beta(c, c); then repetitions are counted, whatever the symbol.
 */
final class MarkovUrn {
  private final MarkovChain spec;

  /** By context and what followed; of repetitions: context 0, symbol 0 for a repetition. */
  private final int[][] counts;

  MarkovUrn(MarkovChain spec) {
    this.spec = spec;
    this.counts = new int[repetitions() ? 1 : spec.contexts()][spec.symbols()];
  }

  private boolean repetitions() {
    return spec.stationary() == Stationary.UNIFORM;
  }

  /** The row of symbol x[p], which depends on the {@code order} symbols before it. */
  private int[] row(int[] x, int p) {
    int context = 0;
    for (int i = p - spec.order(); i < p && !repetitions(); i++) {
      context = context * spec.symbols() + x[i];
    }
    return counts[context];
  }

  /** Where a symbol that follows x[p - 1] is counted. */
  private int column(int[] x, int p, int symbol) {
    return repetitions() ? symbol ^ x[p - 1] : symbol;
  }

  /** Writes the probability of each symbol at position p, at least {@code order}, to {@code to}. */
  void predict(int[] x, int p, double[] to) {
    int[] row = row(x, p);
    double all = Arrays.stream(row).sum() + spec.symbols() * spec.concentration();
    for (int symbol = 0; symbol < to.length; symbol++) {
      to[symbol] = (row[column(x, p, symbol)] + spec.concentration()) / all;
    }
  }

  /** Counts x[p]. */
  void add(int[] x, int p) {
    row(x, p)[column(x, p, x[p])]++;
  }
}
