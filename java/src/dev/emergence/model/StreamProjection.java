package dev.emergence.model;

import dev.emergence.tensor.Tensor;
import java.util.Optional;

/** One product with the vectors of the residual stream. */
final class StreamProjection implements Projection {
  private final Linear linear;

  /**
   * @param name of attention's parameters, as {@link AttentionShape#declare} made them
   */
  StreamProjection(Memory memory, String name) {
    this.linear = new Linear(memory, name + ".query", name + ".value");
  }

  @Override
  public void forward(Tensor x, Tensor qkv) {
    linear.forward(x, Optional.empty(), qkv);
  }

  @Override
  public void backward(Tensor dQkv, Tensor x, Tensor dX, boolean accumulate) {
    linear.backward(dQkv, x, dX, accumulate);
  }
}
