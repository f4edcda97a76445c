package dev.emergence.model;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The first block's {@link Projection} where it reads the embedding itself, x[b, l] = E u[b, l] +
 * s[l] with a task's vectors u of width d and s = positions + bias of the embedding. Then W x + c =
 * (W E) u + (W s + c): the large product with D columns becomes one with d, and backward two that
 * have D columns as well, since the gradients of W, E and s need no more of the batch than Σ dqkv
 * uᵀ and, at each position, Σ dqkv. Equal by associativity. What reaches the embedding this way is
 * not part of dX; {@link #backwardSource} adds it.
 */
final class EmbeddedProjection implements Projection {
  private final Backend backend;
  private final Linear linear;
  private final Linear embedding;
  private final Positions positions;
  private final Supplier<Tensor> input;
  private final Tensor source;
  private final Tensor inputWeight;
  private final Tensor tokenBias;
  private final Optional<Gradients> gradients;

  /** Each as what it is the gradient of. */
  private record Gradients(
      Tensor inputWeight, Tensor tokenBias, Tensor source, Tensor embeddingBias) {}

  /**
   * @param name of attention's parameters, as {@link AttentionShape#declare} made them
   */
  EmbeddedProjection(Memory memory, String name, AttentionShape s, Site.Vectors source) {
    this.backend = memory.backend();
    this.linear = new Linear(memory, name + ".query", name + ".value");
    this.embedding = new Linear(memory, StackModel.EMBEDDING);
    this.positions = source.positions();
    this.input = source.read();
    this.source = memory.floats(s.length(), s.width());
    this.inputWeight = memory.floats(linear.outputs(), embedding.inputs());
    this.tokenBias = memory.floats(s.length(), linear.outputs());
    this.gradients =
        memory.training()
            ? Optional.of(
                new Gradients(
                    memory.floats(linear.outputs(), embedding.inputs()),
                    memory.floats(s.length(), linear.outputs()),
                    memory.floats(s.length(), s.width()),
                    memory.floats(s.width())))
            : Optional.empty();
  }

  @Override
  public void forward(Tensor x, Tensor qkv) {
    backend.biasResidual(positions.table(), embedding.bias(), Optional.empty(), source);
    backend.gemm(false, false, linear.weight(), embedding.weight(), 0, inputWeight);
    linear.forward(source, Optional.empty(), tokenBias);
    backend.gemm(false, true, input.get(), inputWeight, 0, qkv);
    backend.addPositions(qkv, tokenBias);
  }

  @Override
  public void backward(Tensor dQkv, Tensor x, Tensor dX, boolean accumulate) {
    Gradients d = gradients.orElseThrow();
    backend.gemm(true, false, dQkv, input.get(), 0, d.inputWeight());
    backend.addPositionsBackward(dQkv, d.tokenBias());
    linear.backward(d.tokenBias(), source, d.source(), false);
    backend.biasBackward(d.source(), d.embeddingBias());
    if (!accumulate) {
      backend.zero(dX);
    }
  }

  /**
   * Adds to the gradients of embedding and positions, once the stream's own gradient is there, and
   * to that of W. A GPU computes all gradients that these wait for by one kernel.
   */
  @Override
  public void backwardSource() {
    Gradients d = gradients.orElseThrow();
    backend.gemm(false, true, d.inputWeight(), embedding.weight(), 1, linear.dWeight());
    backend.gemm(true, false, linear.weight(), d.inputWeight(), 1, embedding.dWeight());
    backend.accumulate(d.embeddingBias(), embedding.dBias());
    positions.accumulate(d.source());
  }
}
