package dev.emergence.spec;

import java.util.Set;

/**
 * Causal structure in context (Nichani, Damian and Lee 2024, "How Transformers Learn Causal
 * Structure with Gradient Descent"): a latent graph says on which earlier position each position
 * depends, the same in all sequences of a run. A transition matrix is drawn for each sequence. The
 * last symbol is a query, and what is predicted is what follows it. A model must find the parent of
 * every position by a first layer, and the positions whose parent has the query's symbol by a
 * second.
 *
 * <p>In the paper, symbols without a parent are drawn from the stationary distribution of the
 * matrix. Here all symbols are equally likely there, so that Bayes' prediction is exact.
 */
@Kind(
    value = "causal_graph",
    doc =
        "Symbols of which each depends on the one at its parent, an earlier position. The parents"
            + " are the same in all sequences of a run. Each sequence has a transition matrix of"
            + " its own. What is predicted is what follows the last symbol, the query.")
public record CausalGraph(
    @Key(doc = "Number of symbols.", symbol = "K", min = 2, max = 256, value = "4") int symbols,
    @Key(
            doc =
                "Number of symbols in a sequence, with the query, which depends on nothing: any"
                    + " symbol, all equally likely.",
            symbol = "T",
            min = 3,
            max = 1024,
            value = "32")
        int sequenceLength,
    @Key(
            doc =
                "Where the parent of a position stands. chain: `roots` positions before it; random:"
                    + " at any earlier position, drawn once a run for each position.",
            value = "chain")
        Graph graph,
    @Key(
            doc =
                "Number of first positions without a parent. There all symbols are equally likely."
                    + " In a chain it is also the distance to the parent: 1 is the position"
                    + " before.",
            symbol = "N_roots",
            min = 1,
            max = 1022,
            value = "1")
        int roots,
    @Key(
            doc =
                "Each row of a transition matrix is drawn from a Dirichlet distribution with this"
                    + " parameter for every symbol. 1: all rows equally likely; smaller: closer to"
                    + " one certain symbol.",
            min = 0.01,
            max = 100,
            value = "0.3")
        double concentration)
    implements TaskSpec {

  /** Where the parents stand. */
  public enum Graph {
    /** At one distance. */
    CHAIN,
    /** Anywhere before. */
    RANDOM
  }

  /** Positions that have a parent; the query has none. */
  public int children() {
    return sequenceLength - 1 - roots;
  }

  @Override
  public boolean drawsOnce(boolean repeats) {
    // Among three positions the only child has the only root as its parent.
    return graph == Graph.RANDOM && sequenceLength > 3;
  }

  @Override
  public void rules(Parts parts) {
    if (children() < 1) {
      parts.report(
          "task.roots",
          "no position has a parent: of "
              + sequenceLength
              + " positions the last is the query, and the first "
              + roots
              + " are without one",
          "use a longer sequence_length or fewer roots",
          "task.sequence_length");
    }
  }

  @Override
  public Set<AttentionRecord> attention() {
    return TaskSpec.ofParents(AttentionRecord.PREVIOUS);
  }

  @Override
  public Prediction predicts() {
    return Prediction.ofLast(sequenceLength, symbols, true, symbols, Loss.CROSS_ENTROPY);
  }
}
