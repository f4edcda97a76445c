package dev.emergence.model;

import dev.emergence.tensor.Tensor;

/** One step of a {@link StackNetwork} along its residual stream. */
interface Block {

  /** Writes {@link #out}. */
  void forward();

  /**
   * Gradients of all that the block learns.
   *
   * @param dOut gradient of {@link #out}; overwritten
   * @return the gradient of what the block reads, in the same tensor or in another of the block's
   */
  Tensor backward(Tensor dOut);

  /** The stream behind the block; the block's own. */
  Tensor out();
}
