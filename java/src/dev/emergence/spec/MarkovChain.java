package dev.emergence.spec;

import java.util.List;
import java.util.Set;

/**
 * Markov chains in context (Edelman et al. 2024, "The Evolution of Statistical Induction Heads"): a
 * transition matrix is drawn for each sequence, and every next symbol is predicted. What the model
 * must find is how often each symbol followed the present one earlier in the sequence: attention on
 * the symbols behind earlier occurrences, by two layers, of which the first attends to the symbol
 * before.
 */
@Kind(
    value = "markov_chain",
    doc =
        "Symbols of a Markov chain. Each sequence has a chain of its own. Each symbol is"
            + " predicted from those before it.")
public record MarkovChain(
    @Key(doc = "Number of symbols.", symbol = "K", min = 2, max = 256, value = "2") int symbols,
    @Key(
            doc = "Number of symbols in a sequence. Each query may have to attend to many of them.",
            symbol = "T",
            min = 2,
            max = 1024,
            value = "64")
        int sequenceLength,
    @Key(
            doc = "Number of last symbols on which the next one depends.",
            min = 1,
            max = 8,
            value = "1")
        int order,
    @Key(
            doc =
                "Each row of a transition matrix is drawn from a Dirichlet distribution with this"
                    + " parameter for every symbol. 1: all rows equally likely; smaller: closer to"
                    + " one certain symbol.",
            min = 0.01,
            max = 100,
            value = "1.0")
        double concentration,
    @Key(
            doc =
                "What is known of how often symbols occur in the long run. any: nothing; uniform:"
                    + " all equally often, so that counting them does not help (for 2 symbols and"
                    + " order 1; the probability of a repetition is then drawn from a Beta"
                    + " distribution with parameter concentration on both sides).",
            value = "any")
        Stationary stationary)
    implements TaskSpec {
  private static final int MOST_NUMBERS = 1 << 16;

  /** How often symbols occur in the long run. */
  public enum Stationary {
    /** Rows are drawn independently. */
    ANY,
    /** The transition matrix is doubly stochastic. */
    UNIFORM
  }

  /** Rows of a transition matrix, K^order. */
  public int contexts() {
    return (int) Math.min(Integer.MAX_VALUE, Math.round(Math.pow(symbols, order)));
  }

  @Override
  public boolean answersAreInput() {
    return true;
  }

  @Override
  public boolean drawsOnce(boolean repeats) {
    return false;
  }

  @Override
  public void rules(Parts parts) {
    if (order >= sequenceLength) {
      parts.report(
          "task.order",
          "nothing is predicted: the next symbol depends on the last "
              + order
              + ", and a sequence has "
              + sequenceLength,
          "use a longer sequence_length or a smaller order",
          "task.sequence_length");
    }
    if ((long) contexts() * symbols > MOST_NUMBERS) {
      parts.report(
          "task.order",
          "a transition matrix would have symbols ^ (order + 1) = "
              + (long) contexts() * symbols
              + " numbers; at most "
              + MOST_NUMBERS
              + " are possible",
          "use fewer symbols or a smaller order",
          "task.symbols");
    }
    if (stationary == Stationary.UNIFORM && (symbols != 2 || order != 1)) {
      parts.report(
          "task.stationary",
          "uniform is for symbols: 2 and order: 1, got symbols: " + symbols + ", order: " + order,
          "leave stationary out, or set symbols and order",
          "task.symbols",
          "task.order");
    }
  }

  @Override
  public Set<AttentionRecord> attention() {
    return TaskSpec.ofParents(AttentionRecord.PREVIOUS);
  }

  /** All symbols but the first {@code order}, which depend on nothing. */
  @Override
  public Prediction predicts() {
    int first = Math.min(order, sequenceLength - 1) - 1;
    Span span = new Span(first, sequenceLength - 1 - first);
    return new Prediction(
        sequenceLength, symbols, true, symbols, Loss.CROSS_ENTROPY, span, List.of());
  }
}
