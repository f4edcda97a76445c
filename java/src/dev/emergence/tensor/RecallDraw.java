package dev.emergence.tensor;

/**
 * One batch of associative recall (Zucchet et al. 2025, section 3 and App. C.1), drawn by {@link
 * Backend#sampleRecall}. Sequence n of batch {@code step} is made of the words of its {@link
 * Lanes}, as {@link RandomLane} numbers them:
 *
 * <ul>
 *   <li>the query q is favoured token bounded(1, their number) when coin(0, p) of {@link
 *       Lanes#QUERY} falls, else bounded(2, V);
 *   <li>which of the slots 0..N-1 of pairs hold q: see {@link Placement}, words of {@link
 *       Lanes#SLOTS};
 *   <li>the keys of the other slots, in order, are the first entries of a partial Fisher-Yates
 *       shuffle of the V - 1 other tokens in rising order: step m = 0, 1, ... swaps entries m and m
 *       + bounded(m, V - 1 - m), with the words of {@link Lanes#KEYS};
 *   <li>a partial shuffle of all V tokens, with the words of {@link Lanes#VALUES}, gives the
 *       values: step e = 0, 1, ... swaps entries e and e + bounded(e, V - e); entry 0 is π(q),
 *       entry 1 + m the value of the m-th other key. So these are the entries that count of a
 *       uniform permutation π.
 * </ul>
 *
 * All of it is integer arithmetic, or exact in float32: every backend draws the same tokens.
 *
 * @param keys (R, 2) i32: Philox key of each replica's stream
 * @param step (R) i32: which batch of the stream
 * @param crossSample (R): p, the probability that the query is one of the favoured tokens
 * @param inContext (R) i32: B
 * @param dataset (R) i32: sequences of the data set that is drawn from, 0 for endless data;
 *     sequence n is then drawn at {@link RandomStream#place}
 * @param favoured (R, repeatedTokens) i32: the favoured tokens of the run
 * @param tokens V, size of the vocabulary
 * @param placement how often the query's key stands in the context
 * @param sequence out: (R, N, 2 * pairs + 1) i32: k1 v1 ... kN vN q
 * @param target out: (R, N) i32: π(q)
 * @param relevant out: (R, N, 2 * pairs + 1) i32: 1 on the values that follow the query's key in
 *     the context, else 0
 * @param value out: (R, N) i32: position of the first relevant value, -1 if there is none
 * @param key out: (R, N, 2 * pairs + 1) i32: 1 on the key before that value, else 0
 */
public record RecallDraw(
    Tensor keys,
    Tensor step,
    Tensor crossSample,
    Tensor inContext,
    Tensor dataset,
    Tensor favoured,
    int tokens,
    Placement placement,
    Tensor sequence,
    Tensor target,
    Tensor relevant,
    Tensor value,
    Tensor key) {

  /** Tosses of {@link Placement#BINOMIAL_POSITIVE}. */
  public static final int ATTEMPTS = 64;

  /** The last words of the Philox counters. */
  public static final class Lanes {
    /** Which token is asked for. */
    public static final int QUERY = 0;

    /** Where its pairs stand. */
    public static final int SLOTS = 1;

    /** The keys of the other pairs. */
    public static final int KEYS = 2;

    /** The values. */
    public static final int VALUES = 3;

    private Lanes() {}
  }

  /** How often the query's key stands in the context; N pairs, B wanted. */
  public enum Placement {
    /**
     * Slot i with coin(1 + i, B - 1, N - 1), and slot bounded(0, N) forced: the mean is B, never 0.
     */
    AT_LEAST_ONE,
    /** Slot i with coin(1 + i, B, N); none is possible. */
    BINOMIAL,
    /**
     * As BINOMIAL, drawn again while there is none: attempt a = 0, 1, ... tosses coin(1 + a · N +
     * i, B, N). After {@link #ATTEMPTS}, of which less than one in 10^27 sequences hears, slot
     * bounded(0, N).
     */
    BINOMIAL_POSITIVE,
    /**
     * B distinct uniform slots, by Floyd's algorithm as in {@link LinearRegressionDraw} with words
     * 1 + i.
     */
    EXACTLY
  }
}
