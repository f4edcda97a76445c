package dev.emergence.spec;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Associative recall with several queries (Arora et al. 2023, "Zoology"): pairs of a key and a
 * value, then keys alone, each of which asks for its value. Attention finds any number of values; a
 * model whose state has a fixed size must keep all pairs in it.
 */
@Kind(
    value = "multi_query_recall",
    doc =
        "Pairs of a key and a value, then some of the keys. The target of each of these is the"
            + " value of its pair.")
public record MultiQueryRecall(
    @Key(
            doc =
                "Number of pairs. A sequence has 2 * pairs + queries tokens, and no key occurs in"
                    + " two pairs.",
            symbol = "N_pairs",
            min = 1,
            max = 4096,
            atMost = "task.keys")
        int pairs,
    @Key(
            doc = "Number of keys that are asked for, each once.",
            symbol = "N_queries",
            min = 1,
            max = 4096,
            value = "1",
            atMost = "task.pairs")
        int queries,
    @Key(doc = "Number of different keys.", symbol = "N_keys", min = 1, max = 65536, value = "64")
        int keys,
    @Key(doc = "Number of different values.", min = 2, max = 65536, value = "64") int values)
    implements TaskSpec {

  /** Tokens in a sequence: the pairs, then the queries. */
  public int length() {
    return 2 * pairs + queries;
  }

  @Override
  public boolean drawsOnce(boolean repeats) {
    return false;
  }

  @Override
  public void rules(Parts parts) {
    if (pairs > keys) {
      parts.report(Problem.exceeds("task.pairs", pairs, keys, "task.keys"));
    }
    if (queries > pairs) {
      parts.report(Problem.exceeds("task.queries", queries, pairs, "task.pairs"));
    }
  }

  @Override
  public Optional<Guess> guess(int copies) {
    return Optional.of(Guess.ofContext(pairs, values, "N_pairs"));
  }

  @Override
  public Set<AttentionRecord> attention() {
    return TaskSpec.ofParents(AttentionRecord.VALUE_TO_KEY);
  }

  /** Tokens are keys, then values. */
  @Override
  public Prediction predicts() {
    Span span = new Span(2 * pairs, queries);
    return new Prediction(
        length(), keys + values, true, values, Loss.CROSS_ENTROPY, span, List.of());
  }
}
