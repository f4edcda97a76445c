package dev.emergence.model;

import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.Stack;
import dev.emergence.tensor.Activation;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/** Two linear layers with a non-linearity between them, for each token alone. */
final class Mlp implements Branch {
  private final Backend backend;
  private final Activation activation;
  private final Linear hidden;
  private final Linear output;
  private final Tensor slope;
  private final Tensor after;
  private final Optional<Tensor> dHidden;

  /**
   * @param name of its parameters, as {@link #declare} made them
   * @param tokens shape without R and width: (B, L), or (B) for one token a sequence
   */
  Mlp(Memory memory, String name, ArchitectureSpec.Activation activation, long... tokens) {
    this.backend = memory.backend();
    this.activation = activation(activation);
    this.hidden = new Linear(memory, name + ".hidden");
    this.output = new Linear(memory, name + ".output");
    long[] shape = Arrays.copyOf(tokens, tokens.length + 1);
    shape[tokens.length] = hidden.outputs();
    this.slope = memory.kept("mlp.slope", shape);
    this.after = memory.kept("mlp.after", shape);
    this.dHidden =
        memory.training() ? Optional.of(memory.scratch("mlp.dhidden", shape)) : Optional.empty();
  }

  /** A file's word as an operation's. */
  static Activation activation(ArchitectureSpec.Activation activation) {
    return switch (activation) {
      case GELU -> Activation.GELU;
      case RELU -> Activation.RELU;
    };
  }

  /** Parameters: width → factor · width → width. */
  static void declare(Layout.Builder layout, String name, Stack spec) {
    int width = spec.embeddingDim();
    int hidden = Math.multiplyExact(spec.mlpFactor(), width);
    LinearKind kind = LinearKind.plain(spec);
    Linear.declare(layout, kind, hidden, width, name + ".hidden");
    Linear.declare(layout, kind.last(spec), width, hidden, name + ".output");
  }

  @Override
  public void forward(Tensor x, Optional<Tensor> residual, Tensor out) {
    hidden.product(x, slope);
    backend.biasActivation(slope, hidden.bias(), activation, after);
    output.forward(after, residual, out);
  }

  @Override
  public void backward(Tensor dOut, Tensor x, Tensor dX, boolean accumulate) {
    Tensor d = dHidden.orElseThrow();
    output.backward(dOut, after, d, false);
    backend.biasActivationBackward(d, slope, d, hidden.dBias());
    hidden.backwardWeight(d, x);
    hidden.backwardInput(d, dX, accumulate);
  }
}
