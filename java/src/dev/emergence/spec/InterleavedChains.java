package dev.emergence.spec;

import java.util.List;
import java.util.Set;

/**
 * Interleaved Markov chains (D'Angelo et al. 2025, "Selective Induction Heads"): the next symbol
 * depends on the one that stands a lag behind it. The transition matrix is drawn once a run, the
 * lag for each sequence, so that a model must infer from the context where to attend: a selection
 * between fixed positions.
 */
@Kind(
    value = "interleaved_chains",
    doc =
        "Symbols of which each depends on the one that stands a lag behind it. Each sequence has a"
            + " lag of its own, which the context tells. Each symbol is predicted from those before"
            + " it.")
public record InterleavedChains(
    @Key(doc = "Number of symbols.", symbol = "K", min = 2, max = 64, value = "4") int symbols,
    @Key(doc = "Number of symbols in a sequence.", symbol = "T", min = 2, max = 4096, value = "64")
        int sequenceLength,
    @Key(
            doc = "Number of lags, from 1 on. Each sequence has one of them, all equally likely.",
            symbol = "N_lags",
            min = 1,
            max = 256,
            value = "3")
        int lags,
    @Key(
            doc =
                "Each row of the transition matrix is drawn once a run from a Dirichlet distribution"
                    + " with this parameter for every symbol. 1: all rows equally likely; smaller:"
                    + " closer to one certain symbol, which tells the lag sooner.",
            min = 0.01,
            max = 100,
            value = "0.3")
        double concentration)
    implements TaskSpec {

  @Override
  public boolean answersAreInput() {
    return true;
  }

  @Override
  public void rules(Parts parts) {
    if (lags >= sequenceLength) {
      parts.report(
          "task.lags",
          "nothing is predicted: the largest lag is "
              + lags
              + ", and a sequence has "
              + sequenceLength
              + " symbols",
          "use a longer sequence_length or fewer lags",
          "task.sequence_length");
    }
  }

  @Override
  public Set<AttentionRecord> attention() {
    return TaskSpec.ofParents();
  }

  /** All symbols but the first ones, before which the largest lag does not fit. */
  @Override
  public Prediction predicts() {
    int first = Math.min(lags, sequenceLength - 1) - 1;
    Span span = new Span(first, sequenceLength - 1 - first);
    return new Prediction(
        sequenceLength, symbols, true, symbols, Loss.CROSS_ENTROPY, span, List.of());
  }
}
