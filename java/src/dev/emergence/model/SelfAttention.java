package dev.emergence.model;

import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;
import java.util.Optional;

/**
 * Multi-head self-attention of every token (Vaswani et al. 2017, section 3.2.2): queries, keys and
 * values by one product, softmax attention in each head, one product back to the width of the
 * stream.
 */
final class SelfAttention implements Branch {
  private final Backend backend;
  private final Projection projection;
  private final Linear output;
  private final Optional<RotaryPositions> rotary;
  private final Tensor qkv;
  private final Tensor mixed;
  private final Attention attention;
  private final Optional<Attention.Gradient> gradient;
  private final LogitBiases biases;
  private final Optional<HeadOverride> heads;

  /**
   * @param site where it stands; its parameters are as {@link AttentionShape#declare} made them
   * @param projection of the same name
   * @param biases what is added to its scores
   */
  SelfAttention(Site site, AttentionShape s, Projection projection, LogitBiases biases) {
    Memory memory = site.memory();
    this.biases = biases;
    this.heads = site.options().heads(site.layer());
    this.backend = memory.backend();
    this.projection = projection;
    this.output = new Linear(memory, site.name() + ".output");
    this.rotary = s.rotary(memory);
    int row = 3 * s.inner();
    this.qkv = memory.inspected("attention.qkv", s.batch(), s.length(), row);
    this.mixed = memory.kept("attention.mixed", s.batch(), s.length(), s.inner());
    Tensor lse = memory.inspected("attention.lse", s.batch(), s.heads(), s.length());
    Attention.Shape shape =
        new Attention.Shape(
            s.batch(),
            s.heads(),
            s.length(),
            s.length(),
            s.headDim(),
            s.causal(),
            row,
            row,
            s.inner());
    this.attention =
        new Attention(
            third(qkv, 0, s),
            third(qkv, 1, s),
            third(qkv, 2, s),
            Optional.empty(),
            mixed,
            lse,
            shape,
            s.scale(),
            biases.list());
    this.gradient = memory.training() ? Optional.of(gradient(memory, s)) : Optional.empty();
  }

  private Attention.Gradient gradient(Memory memory, AttentionShape s) {
    Tensor dQkv = memory.scratch("attention.dqkv", s.batch(), s.length(), 3L * s.inner());
    Tensor dMixed = memory.scratch("attention.dmixed", s.batch(), s.length(), s.inner());
    Tensor delta = memory.scratch("attention.delta", s.batch(), s.heads(), s.length());
    return new Attention.Gradient(
        attention, dMixed, third(dQkv, 0, s), third(dQkv, 1, s), third(dQkv, 2, s), delta);
  }

  /** From the first element of q, k or v inside the fused rows to the end. */
  private static Tensor third(Tensor qkv, int which, AttentionShape s) {
    long start = (long) which * s.inner();
    return qkv.part(start, qkv.perReplica() - start);
  }

  @Override
  public void forward(Tensor x, Optional<Tensor> residual, Tensor out) {
    projection.forward(x, qkv);
    rotary.ifPresent(r -> r.rotate(qkv, 2 * attention.shape().heads(), false));
    backend.attention(attention);
    heads.ifPresent(h -> h.forward(backend, attention));
    output.forward(mixed, residual, out);
  }

  @Override
  public void backward(Tensor dOut, Tensor x, Tensor dX, boolean accumulate) {
    Attention.Gradient g = gradient.orElseThrow();
    output.backward(dOut, mixed, g.dOut(), false);
    backend.attentionBackward(g);
    biases.backward(g);
    Tensor dQkv = g.dQ().reshape(qkv.dim(1), qkv.dim(2), qkv.dim(3));
    rotary.ifPresent(r -> r.rotate(dQkv, 2 * attention.shape().heads(), true));
    projection.backward(dQkv, x, dX, accumulate);
  }

  @Override
  public boolean norms() {
    return projection.norms();
  }

  @Override
  public void backwardSource() {
    projection.backwardSource();
  }

  @Override
  public Optional<Attention> attention() {
    return Optional.of(attention);
  }
}
