package dev.emergence.tensor;

/**
 * One batch of single-location linear regression (Zucchet et al. 2025, Eq. 1 and App. B.1), drawn
 * by {@link Backend#sampleLinearRegression}. Sequence n of batch {@code step} is made of the words
 * of its {@link Lanes}, as {@link RandomLane} numbers them:
 *
 * <ul>
 *   <li>token t is normal(t · d + j) / sqrt(d) of {@link Lanes#NOISE} for j &lt; d, unless it is
 *       relevant;
 *   <li>the relevant vector r is x̃ when coin(0, p) of {@link Lanes#COIN} falls, else normal(j) /
 *       sqrt(d) of {@link Lanes#RELEVANT};
 *   <li>random relevant positions are those of Floyd's algorithm (Bentley and Floyd 1987) with
 *       words i = 0..B-1 of {@link Lanes#POSITIONS}: with last = T - B + i and t = bounded(i, last
 *       + 1), t is marked, or {@code last} when t is marked already;
 *   <li>all relevant tokens are r, and y = W* r.
 * </ul>
 *
 * So B and p change neither the noise nor the fresh r. Positions and coins are equal on all
 * backends, normals to the last bits.
 *
 * @param keys (R, 2) i32: Philox key of each replica's stream
 * @param step (R) i32: which batch of the stream
 * @param crossSample (R): p
 * @param inContext (R) i32: B
 * @param dataset (R) i32: sequences of the data set that is drawn from, 0 for endless data;
 *     sequence n is then drawn at {@link RandomStream#place}
 * @param target (R, d, d): W*
 * @param special (R, d): x̃
 * @param fixedPositions (R, T) i32: a permutation of 0..T-1 whose first B entries are the relevant
 *     positions when {@link Positions#FIXED}; ignored otherwise
 * @param positions which positions are relevant
 * @param feature whether x has a last column that is 1 on relevant tokens, 0 elsewhere
 * @param x out: (R, N, T, d) or (R, N, T, d + 1) with the feature
 * @param y out: (R, N, d)
 * @param relevant out: (R, N, T) i32, 1 on relevant tokens
 */
public record LinearRegressionDraw(
    Tensor keys,
    Tensor step,
    Tensor crossSample,
    Tensor inContext,
    Tensor dataset,
    Tensor target,
    Tensor special,
    Tensor fixedPositions,
    Positions positions,
    boolean feature,
    Tensor x,
    Tensor y,
    Tensor relevant) {

  /** The last words of the Philox counters. */
  public static final class Lanes {
    /** All tokens before relevant ones are put in. */
    public static final int NOISE = 0;

    /** The fresh relevant vector. */
    public static final int RELEVANT = 1;

    /** Whether the relevant vector is x̃. */
    public static final int COIN = 2;

    /** Where the relevant tokens stand. */
    public static final int POSITIONS = 3;

    private Lanes() {}
  }

  /** Which positions are relevant. */
  public enum Positions {
    /** The last B. */
    LAST,
    /** The first B of {@code fixedPositions}. */
    FIXED,
    /** B distinct ones, uniform, drawn for each sequence. */
    RANDOM
  }
}
