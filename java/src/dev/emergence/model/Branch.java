package dev.emergence.model;

import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Tensor;
import java.util.Optional;

/**
 * What a {@link ResidualBlock} wraps: a map of a sequence's vectors that can add a residual while
 * it writes its output.
 */
interface Branch {

  /**
   * out = f(x) + residual.
   *
   * @param residual as out; may be out itself
   */
  void forward(Tensor x, Optional<Tensor> residual, Tensor out);

  /**
   * Gradients of f and of its parameters.
   *
   * @param x as in forward, unchanged since
   * @param dX out: overwritten, or added to when {@code accumulate}; may be dOut where shapes agree
   */
  void backward(Tensor dOut, Tensor x, Tensor dX, boolean accumulate);

  /** Whether the norm that stands before it is its own part, so that x is not normed. */
  default boolean norms() {
    return false;
  }

  /**
   * Adds to the gradients of what made x, when the gradient of the stream has reached them: of a
   * branch that looks through its {@link Site.Source}.
   */
  default void backwardSource() {}

  /** What its heads attended to in the last forward pass, where it attends. */
  default Optional<Attention> attention() {
    return Optional.empty();
  }
}
