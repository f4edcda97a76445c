package dev.emergence.model;

import dev.emergence.tensor.Tensor;

/** From a task's tokens to the residual stream. */
interface Embedding {

  /**
   * @param input (R, B, L, inputs) or (R, B, L) i32
   * @param out (R, B, L, D)
   */
  void forward(Tensor input, Tensor out);

  /**
   * Gradients of the parameters; a task's tokens have none.
   *
   * @param input as in forward
   */
  void backward(Tensor dOut, Tensor input);
}
