package dev.emergence.model;

import dev.emergence.tensor.Tensor;

/** From the residual stream to queries, keys and values of every token, side by side. */
interface Projection {

  /**
   * @param x (R, B, L, D)
   * @param qkv out: (R, B, L, 3 H Dh)
   */
  void forward(Tensor x, Tensor qkv);

  /**
   * Gradients of what the projection learns, and of x.
   *
   * @param x as in forward, unchanged since
   * @param dX overwritten, or added to when {@code accumulate}
   */
  void backward(Tensor dQkv, Tensor x, Tensor dX, boolean accumulate);

  /** See {@link Branch#norms}. */
  default boolean norms() {
    return false;
  }

  /** See {@link Branch#backwardSource}. */
  default void backwardSource() {}
}
