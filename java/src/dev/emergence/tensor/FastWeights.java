package dev.emergence.tensor;

import java.util.Optional;

/**
 * A matrix S for each head of each sequence, which tokens write to and read from, one after the
 * other. Without gates it is linear attention (Katharopoulos et al. 2020): S_t = S_{t-1} + v_t
 * k_tᵀ. With gates it is the gated delta rule (Yang et al. 2024): S_t = a_t S_{t-1} (I - b_t k_t
 * k_tᵀ) + b_t v_t k_tᵀ with a_t and b_t the sigmoids of the gates. The output is scale · S_t q_t;
 * where it is normalised, S_t q_t / (q_t · Σ_{u ≤ t} k_u + 1e-6). Queries and keys pass through a
 * feature first.
 *
 * <p>Of q, k, v, the gates and their gradients only the first element and the replica stride count,
 * not the shape: they may be parts of one fused tensor, as in {@link Attention}.
 *
 * @param q (R, B, L, H, Dh) by strides
 * @param k as q
 * @param v as q
 * @param gates (R, B, L, 2, H) by strides: logits of a, then of b; absent for linear attention
 * @param out (R, B, L, H · Dh)
 * @param normalised not together with gates
 */
public record FastWeights(
    Tensor q,
    Tensor k,
    Tensor v,
    Optional<Tensor> gates,
    Tensor out,
    Shape shape,
    Feature feature,
    boolean normalised,
    double scale) {

  /** What a query or a key becomes before it is used. */
  public enum Feature {
    /** Itself. */
    NONE,
    /** elu(x) + 1: x + 1 above 0, eˣ elsewhere. */
    ELU,
    /** x / sqrt(x · x + 1e-6). */
    UNIT
  }

  /**
   * Sizes and strides (in elements).
   *
   * @param stride between tokens of q, k, v
   * @param gateStride between tokens of the gates
   */
  public record Shape(int batch, int length, int heads, int headDim, int stride, int gateStride) {}

  /**
   * What backward fills, from q, k, v, the gates, out and dOut; gradients have the strides of what
   * they are gradients of.
   *
   * @param dOut as out
   */
  public record Gradient(
      FastWeights forward, Tensor dOut, Tensor dQ, Tensor dK, Tensor dV, Optional<Tensor> dGates) {}
}
