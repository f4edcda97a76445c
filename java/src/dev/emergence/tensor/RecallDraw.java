package dev.emergence.tensor;

/**
 * One batch of associative recall: see {@code Backend#sampleRecall}.
 *
 * @param keys (R, 2) i32: Philox key of each replica's stream
 * @param step (R) i32: which batch of the stream
 * @param crossSample (R): p, the probability that the query is one of the favoured tokens
 * @param inContext (R) i32: B
 * @param favoured (R, repeatedTokens) i32: the favoured tokens of the run
 * @param tokens V, size of the vocabulary
 * @param placement how often the query's key stands in the context
 * @param sequence out: (R, N, 2 * pairs + 1) i32: k1 v1 ... kN vN q
 * @param target out: (R, N) i32: π(q)
 * @param slots out: (R, N, pairs) i32: 1 where the pair's key is the query
 */
public record RecallDraw(
    Tensor keys,
    Tensor step,
    Tensor crossSample,
    Tensor inContext,
    Tensor favoured,
    int tokens,
    Placement placement,
    Tensor sequence,
    Tensor target,
    Tensor slots) {

  /** How often the query's key stands in the context; N pairs, B wanted. */
  public enum Placement {
    /** One uniform slot forced, every other slot Bernoulli((B-1)/(N-1)). */
    AT_LEAST_ONE,
    /** Every slot Bernoulli(B/N); none is possible. */
    BINOMIAL,
    /** As BINOMIAL, drawn again when none. */
    BINOMIAL_POSITIVE,
    /** B distinct slots, uniform. */
    EXACTLY
  }
}
