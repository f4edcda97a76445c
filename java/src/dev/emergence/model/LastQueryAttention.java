package dev.emergence.model;

import dev.emergence.tensor.Attention;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;
import java.util.Optional;

/**
 * {@link SelfAttention} of the last token alone: keys and values of all tokens, one query, one
 * output vector a sequence. What the last block of a model computes when nothing but the last
 * position is read; the other rows of the full form never reach the loss. The last token sees every
 * key under either mask.
 */
final class LastQueryAttention implements Branch {
  private final Backend backend;
  private final AttentionShape shape;
  private final Linear query;
  private final Linear keysValues;
  private final Linear output;
  private final Optional<RotaryPositions> rotary;
  private final Tensor last;
  private final Tensor q;
  private final Tensor kv;
  private final Tensor mixed;
  private final Attention attention;
  private final Optional<Attention.Gradient> gradient;
  private final LogitBiases biases;
  private final Optional<Tensor> dKv;
  private final Optional<Tensor> dLast;

  /**
   * @param name of its parameters, as {@link AttentionShape#declare} made them
   * @param biases what is added to its scores
   */
  LastQueryAttention(Memory memory, String name, AttentionShape s, LogitBiases biases) {
    this.biases = biases;
    this.backend = memory.backend();
    this.shape = s;
    this.query = new Linear(memory, name + ".query");
    this.keysValues = new Linear(memory, name + ".key", name + ".value");
    this.output = new Linear(memory, name + ".output");
    this.rotary = s.rotary(memory);
    this.last = memory.kept("attention.last", s.batch(), s.width());
    this.q = memory.inspected("attention.q", s.batch(), s.inner());
    this.kv = memory.inspected("attention.kv", s.batch(), s.length(), 2L * s.inner());
    this.mixed = memory.kept("attention.mixed", s.batch(), s.inner());
    Tensor lse = memory.inspected("attention.lse", s.batch(), s.heads(), 1);
    int row = 2 * s.inner();
    Attention.Shape sizes =
        new Attention.Shape(
            s.batch(), s.heads(), 1, s.length(), s.headDim(), false, s.inner(), row, s.inner());
    this.attention =
        new Attention(q, half(kv, 0), half(kv, 1), Optional.empty(), mixed, lse, sizes, s.scale())
            .with(biases.list());
    this.dKv =
        memory.training()
            ? Optional.of(memory.scratch("attention.dkv", s.batch(), s.length(), 2L * s.inner()))
            : Optional.empty();
    this.gradient = dKv.map(d -> gradient(memory, d));
    this.dLast = memory.gradient("attention.dlast", s.batch(), s.width());
  }

  private Attention.Gradient gradient(Memory memory, Tensor dKv) {
    Tensor dMixed = memory.scratch("attention.dmixed", shape.batch(), shape.inner());
    Tensor dQ = memory.scratch("attention.dq", shape.batch(), shape.inner());
    Tensor delta = memory.scratch("attention.delta", shape.batch(), shape.heads(), 1);
    return new Attention.Gradient(attention, dMixed, dQ, half(dKv, 0), half(dKv, 1), delta);
  }

  private Tensor half(Tensor kv, int which) {
    long start = (long) which * shape.inner();
    return kv.part(start, kv.perReplica() - start);
  }

  /**
   * @param x (R, B, L, D)
   * @param out (R, B, D)
   */
  @Override
  public void forward(Tensor x, Optional<Tensor> residual, Tensor out) {
    backend.takeTokens(x, shape.length() - 1, last);
    query.forward(last, Optional.empty(), q);
    keysValues.forward(x, Optional.empty(), kv);
    rotary.ifPresent(r -> turn(r, q, kv, false));
    backend.attention(attention);
    output.forward(mixed, residual, out);
  }

  /**
   * @param dOut (R, B, D)
   * @param dX (R, B, L, D)
   */
  @Override
  public void backward(Tensor dOut, Tensor x, Tensor dX, boolean accumulate) {
    Attention.Gradient g = gradient.orElseThrow();
    output.backward(dOut, mixed, g.dOut(), false);
    backend.attentionBackward(g);
    biases.backward(g);
    rotary.ifPresent(r -> turn(r, g.dQ(), dKv.orElseThrow(), true));
    keysValues.backward(dKv.orElseThrow(), x, dX, accumulate);
    // Not in the place of the last token's vector, which the gradient of a weight may still read.
    query.backward(g.dQ(), last, dLast.orElseThrow(), false);
    backend.takeTokensBackward(dLast.get(), shape.length() - 1, dX);
  }

  private void turn(RotaryPositions positions, Tensor query, Tensor keys, boolean inverse) {
    positions.rotateLast(query, shape.heads(), inverse);
    positions.rotate(keys, shape.heads(), inverse);
  }

  @Override
  public Optional<Attention> attention() {
    return Optional.of(attention);
  }
}
