package dev.emergence.tensor;

import java.util.Optional;

/**
 * A linear recurrence of each channel by itself (De et al. 2024, equations 3 and 4): h_t = a_t
 * h_{t-1} + sqrt(1 - a_t²) i_t u_t. With gates a_t = sigmoid(decay + first gate) and i_t =
 * sigmoid(second gate); without them a = sigmoid(decay) and i = 1.
 *
 * <p>Of u, the gates and their gradients only the first element and the replica stride count:
 * tokens are {@code stride} elements apart.
 *
 * @param u (R, B, L, C) by stride
 * @param gates (R, B, L, 2, C) by stride
 * @param decay (R, C)
 * @param h out: (R, B, L, C)
 */
public record DiagonalScan(Tensor u, Optional<Tensor> gates, Tensor decay, Tensor h, int stride) {

  /**
   * What backward fills, from u, the gates, the decay, h and dH.
   *
   * @param dH as h
   * @param dDecay what each sequence adds to the gradient of the decay: (R, B, C)
   */
  public record Gradient(
      DiagonalScan forward, Tensor dH, Tensor dU, Optional<Tensor> dGates, Tensor dDecay) {}
}
