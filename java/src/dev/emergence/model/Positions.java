package dev.emergence.model;

import dev.emergence.tensor.Tensor;

/** Adds to each token what tells its position, in place. */
interface Positions {

  /** What it adds: (R, L, D). */
  Tensor table();

  /**
   * @param x (R, B, L, D)
   */
  void forward(Tensor x);

  /**
   * @param dX gradient after the sum, and so of both terms; left as it is
   */
  void backward(Tensor dX);

  /**
   * Adds to the gradient of the table, after {@link #backward}.
   *
   * @param dTable (R, L, D)
   */
  void accumulate(Tensor dTable);
}
