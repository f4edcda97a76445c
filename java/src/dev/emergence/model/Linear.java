package dev.emergence.model;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;
import java.util.Optional;

/**
 * y = x Wᵀ + b, with W (out, in): one linear layer, or several that follow each other in the
 * parameters and read the same input. Whether there is a b is what was declared.
 */
final class Linear {
  private final Backend backend;
  private final boolean biased;
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor dWeight;
  private final Tensor dBias;

  /** The layer of one name. */
  Linear(Memory memory, String name) {
    this(memory, name, name);
  }

  /** Layers {@code first} to {@code last} side by side, as {@link #declare} put them. */
  Linear(Memory memory, String first, String last) {
    Parameters p = memory.parameters();
    this.backend = memory.backend();
    this.weight = p.values(first + ".weight", last + ".weight");
    this.dWeight = p.gradients(first + ".weight", last + ".weight");
    this.biased = p.layout().contains(first + ".bias");
    this.bias = biased ? p.values(first + ".bias", last + ".bias") : memory.zeros(weight.dim(1));
    this.dBias =
        biased
            ? p.gradients(first + ".bias", last + ".bias")
            : memory.scratch("ignored", weight.dim(1));
  }

  /**
   * Declares layers of equal shape so that any run of them can be one product: all weights, then
   * all biases, if there are any.
   */
  static void declare(Layout.Builder layout, LinearKind kind, int out, int in, String... names) {
    for (String name : names) {
      layout.add(name + ".weight", kind.weight(in), out, in);
    }
    for (String name : names) {
      if (kind.biased()) {
        layout.add(name + ".bias", kind.bias(in), out);
      }
    }
  }

  /** Width of the output. */
  int outputs() {
    return weight.dim(1);
  }

  /** Width of the input. */
  int inputs() {
    return weight.dim(2);
  }

  /** (R, out, in). */
  Tensor weight() {
    return weight;
  }

  /** The weight's gradient. */
  Tensor dWeight() {
    return dWeight;
  }

  /** (R, out); zeros where the layer has none. */
  Tensor bias() {
    return bias;
  }

  /** The bias's gradient; memory that nobody reads where the layer has no bias. */
  Tensor dBias() {
    return dBias;
  }

  /**
   * y = x Wᵀ + b + residual.
   *
   * @param residual may be y
   */
  void forward(Tensor x, Optional<Tensor> residual, Tensor y) {
    if (residual.isPresent() && residual.get() == y) {
      throw new IllegalArgumentException(
          "a linear layer cannot write over the residual that it adds: " + y);
    }
    product(x, y);
    if (biased || residual.isPresent()) {
      backend.biasResidual(y, bias, residual, y);
    }
  }

  /** y = x Wᵀ, for those who fuse the bias with what follows. */
  void product(Tensor x, Tensor y) {
    backend.gemm(false, true, x, weight, 0, y);
  }

  /**
   * All gradients.
   *
   * @param dX overwritten, or added to when {@code accumulate}; may be dY only if that is not read
   *     again
   */
  void backward(Tensor dY, Tensor x, Tensor dX, boolean accumulate) {
    backwardParameters(dY, x);
    backwardInput(dY, dX, accumulate);
  }

  /** dW = dYᵀ x, db = column sums of dY. */
  void backwardParameters(Tensor dY, Tensor x) {
    backwardWeight(dY, x);
    if (biased) {
      backend.biasBackward(dY, dBias);
    }
  }

  /** dW = dYᵀ x, for those whose bias gradient came with another pass. */
  void backwardWeight(Tensor dY, Tensor x) {
    backend.gemm(true, false, dY, x, 0, dWeight);
  }

  /** dX = dY W. */
  void backwardInput(Tensor dY, Tensor dX, boolean accumulate) {
    backend.gemm(false, false, dY, weight, accumulate ? 1 : 0, dX);
  }
}
