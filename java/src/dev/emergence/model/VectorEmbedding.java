package dev.emergence.model;

import dev.emergence.spec.Stack;
import dev.emergence.tensor.Tensor;
import java.util.Optional;

/** One linear layer for tokens that are vectors. */
final class VectorEmbedding implements Embedding {
  private final Linear linear;

  VectorEmbedding(Memory memory, String name) {
    this.linear = new Linear(memory, name);
  }

  static void declare(Layout.Builder layout, String name, Stack spec, Signature signature) {
    Linear.declare(layout, LinearKind.mixing(spec), spec.embeddingDim(), signature.inputs(), name);
  }

  @Override
  public void forward(Tensor input, Tensor out) {
    linear.forward(input, Optional.empty(), out);
  }

  @Override
  public void backward(Tensor dOut, Tensor input) {
    linear.backwardParameters(dOut, input);
  }
}
