package dev.emergence.task;

import dev.emergence.spec.MarkovChain;
import dev.emergence.spec.MarkovChain.Stationary;

/**
 * What follows in a Markov chain of which nothing is known but its symbols so far: a {@link
 * PolyaUrn} with a row for each context. So this is the law of the sequences, and the prediction of
 * Bayes.
 *
 * <p>Where all symbols are equally frequent, the chain has one probability, that of a repetition,
 * which is drawn from Beta(c, c); then repetitions are counted, whatever the symbol.
 */
final class MarkovUrn {
  private final MarkovChain spec;

  /** By context and what followed; of repetitions: context 0, symbol 0 for a repetition. */
  private final PolyaUrn urn;

  MarkovUrn(MarkovChain spec) {
    this.spec = spec;
    this.urn =
        new PolyaUrn(repetitions() ? 1 : spec.contexts(), spec.symbols(), spec.concentration());
  }

  private boolean repetitions() {
    return spec.stationary() == Stationary.UNIFORM;
  }

  /** The row of symbol x[p], which depends on the {@code order} symbols before it. */
  private int row(int[] x, int p) {
    int context = 0;
    for (int i = p - spec.order(); i < p && !repetitions(); i++) {
      context = context * spec.symbols() + x[i];
    }
    return context;
  }

  /** Where a symbol that follows x[p - 1] is counted. */
  private int column(int[] x, int p, int symbol) {
    return repetitions() ? symbol ^ x[p - 1] : symbol;
  }

  /** Writes the probability of each symbol at position p, at least {@code order}, to {@code to}. */
  void predict(int[] x, int p, double[] to) {
    int row = row(x, p);
    for (int symbol = 0; symbol < to.length; symbol++) {
      to[symbol] = urn.probability(row, column(x, p, symbol));
    }
  }

  /** Counts x[p]. */
  void add(int[] x, int p) {
    urn.add(row(x, p), column(x, p, x[p]));
  }
}
