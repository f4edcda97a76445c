package dev.emergence.tensor;

/**
 * One batch of single-location linear regression: see {@code Backend#sampleLinearRegression}.
 *
 * @param keys (R, 2) i32: Philox key of each replica's stream
 * @param step (R) i32: which batch of the stream
 * @param crossSample (R): p
 * @param inContext (R) i32: B
 * @param target (R, d, d): W*
 * @param special (R, d): x̃
 * @param fixedPositions (R, T) i32: a permutation of 0..T-1 whose first B entries are the relevant positions when
 *     {@link Positions#FIXED}; ignored otherwise
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
    Tensor target,
    Tensor special,
    Tensor fixedPositions,
    Positions positions,
    boolean feature,
    Tensor x,
    Tensor y,
    Tensor relevant) {

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
