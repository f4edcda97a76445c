package dev.emergence.tensor;

/**
 * Softmax attention of one query a head over the tokens themselves, which all heads share: P =
 * softmax(scale · Q Xᵀ), O = P X. What remains of attention at a single position when the
 * projections of keys and values are moved to the query's side.
 *
 * @param q (R, B, H, D)
 * @param x (R, B, L, D)
 * @param p out: (R, B, H, L)
 * @param out (R, B, H, D)
 */
public record TokenAttention(Tensor q, Tensor x, Tensor p, Tensor out, double scale) {

  /**
   * What backward needs and fills: dQ and dX are overwritten.
   *
   * @param forward with P and the output as the forward pass left them
   * @param dOut as out
   * @param dS scratch (R, B, H, L): gradient of the scores
   */
  public record Gradient(TokenAttention forward, Tensor dOut, Tensor dQ, Tensor dX, Tensor dS) {}
}
