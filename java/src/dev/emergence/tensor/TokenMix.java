package dev.emergence.tensor;

/**
 * Causal mixing of a sequence's tokens by learned weights: y[b, m, c] = Σ_u W[g, m, u] x[b, u, c]
 * over the rows u that row m may see, where channel c belongs to group g of {@code D / G}
 * neighbouring channels. Rows of x and of y belong to tokens, K / L and M / L of them to each one;
 * a row sees those of its own token and of earlier ones. Weights that would look ahead are never
 * read.
 *
 * @param length tokens of a sequence, L
 * @param weight (R, G, M, K)
 * @param x (R, B, K, D)
 * @param y out: (R, B, M, D)
 */
public record TokenMix(int length, Tensor weight, Tensor x, Tensor y) {

  /**
   * What backward fills, from weight, x and dY.
   *
   * @param dX overwritten, or added to when {@code accumulate}
   * @param dWeight overwritten; zero where a weight would look ahead
   */
  public record Gradient(
      TokenMix forward, Tensor dY, Tensor dX, boolean accumulate, Tensor dWeight) {}
}
