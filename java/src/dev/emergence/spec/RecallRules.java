package dev.emergence.spec;

import dev.emergence.spec.TaskSpec.AssociativeRecall;
import dev.emergence.spec.TaskSpec.QueryPlacement;
import java.math.BigDecimal;
import java.util.Optional;

/** Which recall tasks can be drawn, and what is odd about them. */
final class RecallRules {
  /** Below this share, sequences without an answer are not worth a word. */
  private static final double RARE = 0.001;

  private RecallRules() {}

  static void apply(AssociativeRecall task, Parts parts) {
    if (task.pairs() > task.tokens()) {
      parts.report(
          "task.pairs",
          task.pairs()
              + " pairs need as many different keys, but there are "
              + task.tokens()
              + " tokens",
          "use fewer pairs or more tokens",
          "task.tokens");
    }
    boolean absent =
        task.queryPlacement() == QueryPlacement.BINOMIAL
            || parts.measurement().testSets().values().stream()
                .anyMatch(set -> set.queryPlacement().equals(Optional.of(QueryPlacement.BINOMIAL)));
    if (absent && task.pairs() == task.tokens()) {
      parts.report(
          "task.pairs",
          "with query_placement: binomial the query may be absent, and then "
              + task.pairs()
              + " other keys are needed, but there are "
              + (task.tokens() - 1),
          "use fewer pairs or more tokens",
          "task.tokens",
          "task.query_placement");
    }
    if (parts.repetition().repeatedTokens() > task.tokens()) {
      parts.report(
          "repetition.repeated_tokens",
          "repeated_tokens is "
              + parts.repetition().repeatedTokens()
              + ", but there are only "
              + task.tokens()
              + " tokens",
          "",
          "task.tokens");
    }
  }

  /**
   * Naming the most frequent value of the context, which is most often the answer where the query's
   * key stands there several times; where it never does, any of them.
   */
  static Guess guess(AssociativeRecall task, int copies) {
    CopyCount count = CopyCount.of(task.queryPlacement(), task.pairs(), copies);
    boolean once = count.of(1) == 1;
    return new Guess(
        count.mostFrequent(),
        once ? "naming any value of the context" : "naming the most frequent value of the context",
        once ? "1/N_pairs" : "P(several copies) + P(one copy)/N_pairs",
        (once ? "" : "B = " + copies + ", ") + "N_pairs = " + task.pairs());
  }

  /** Sequences whose answer is not in them. */
  static Optional<Doubt> absent(AssociativeRecall task, RepetitionSpec repetition) {
    if (task.queryPlacement() != QueryPlacement.BINOMIAL) {
      return Optional.empty();
    }
    double share = Math.pow(1 - (double) repetition.inContext() / task.pairs(), task.pairs());
    String message =
        "with query_placement: binomial the query is absent from up to "
            + percent(share)
            + "% of the sequences, which cannot be solved";
    return share <= RARE
        ? Optional.empty()
        : Optional.of(
            new Doubt(
                "W204",
                "task.query_placement",
                share,
                message,
                "at_least_one has the same mean and no such sequences"));
  }

  private static String percent(double share) {
    return BigDecimal.valueOf(Math.round(1000 * share), 1).stripTrailingZeros().toPlainString();
  }
}
