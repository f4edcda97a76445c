package dev.emergence.model;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.HeadProduct;
import dev.emergence.tensor.HeadProduct.Form;
import dev.emergence.tensor.Tensor;
import dev.emergence.tensor.TokenAttention;
import java.util.Optional;

/**
 * {@link LastQueryAttention} without keys and values. In each head a score q · (W_k x + b_k) is
 * (W_kᵀ q) · x plus a number that all tokens share and softmax ignores, and the output Σ p (W_v x +
 * b_v) is W_v (Σ p x) + b_v: so the projections are applied to one vector a head instead of every
 * token. Equal by associativity; the gradient of b_k, of which the full form computes rounding
 * errors, is zero.
 */
final class KeylessAttention implements Branch {
  private final Backend backend;
  private final AttentionShape shape;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear output;
  private final Tensor last;
  private final Tensor q;
  private final Tensor wideQ;
  private final Tensor p;
  private final Tensor context;
  private final Tensor mixed;
  private final Optional<Gradients> gradients;

  /** Scratch of the backward pass, each as what it is the gradient of. */
  private record Gradients(
      Tensor mixed, Tensor q, Tensor context, Tensor wideQ, Tensor scores, Tensor last) {}

  /**
   * @param name of its parameters, as {@link AttentionShape#declare} made them
   */
  KeylessAttention(Memory memory, String name, AttentionShape s) {
    this.backend = memory.backend();
    this.shape = s;
    this.query = new Linear(memory, name + ".query");
    this.key = new Linear(memory, name + ".key");
    this.value = new Linear(memory, name + ".value");
    this.output = new Linear(memory, name + ".output");
    this.last = memory.kept("attention.last", s.batch(), s.width());
    this.q = memory.kept("attention.q", s.batch(), s.inner());
    this.wideQ = memory.kept("attention.wide_q", s.batch(), s.heads(), s.width());
    this.p = memory.kept("attention.p", s.batch(), s.heads(), s.length());
    this.context = memory.kept("attention.context", s.batch(), s.heads(), s.width());
    this.mixed = memory.kept("attention.mixed", s.batch(), s.inner());
    this.gradients = memory.training() ? Optional.of(gradients(memory)) : Optional.empty();
  }

  private Gradients gradients(Memory memory) {
    AttentionShape s = shape;
    return new Gradients(
        memory.scratch("attention.dmixed", s.batch(), s.inner()),
        memory.scratch("attention.dq", s.batch(), s.inner()),
        memory.scratch("attention.dcontext", s.batch(), s.heads(), s.width()),
        memory.scratch("attention.dwide_q", s.batch(), s.heads(), s.width()),
        memory.scratch("attention.dscores", s.batch(), s.heads(), s.length()),
        memory.scratch("attention.dlast", s.batch(), s.width()));
  }

  private TokenAttention attention(Tensor x) {
    return new TokenAttention(wideQ, x, p, context, shape.scale());
  }

  private void product(Form form, Tensor narrow, Tensor weight, Tensor wide) {
    backend.headProduct(new HeadProduct(form, narrow, weight, wide));
  }

  /**
   * @param x (R, B, L, D)
   * @param out (R, B, D)
   */
  @Override
  public void forward(Tensor x, Optional<Tensor> residual, Tensor out) {
    backend.takeTokens(x, shape.length() - 1, last);
    query.forward(last, Optional.empty(), q);
    product(Form.WIDEN, q, key.weight(), wideQ);
    backend.tokenAttention(attention(x));
    product(Form.NARROW, mixed, value.weight(), context);
    backend.biasResidual(mixed, value.bias(), Optional.empty(), mixed);
    output.forward(mixed, residual, out);
  }

  /**
   * @param dOut (R, B, D)
   * @param dX (R, B, L, D); never accumulated to, since it has another shape than dOut
   */
  @Override
  public void backward(Tensor dOut, Tensor x, Tensor dX, boolean accumulate) {
    if (accumulate) {
      throw new IllegalArgumentException("the gradient of " + x + " is overwritten here");
    }
    Gradients d = gradients.orElseThrow();
    output.backward(dOut, mixed, d.mixed(), false);
    backend.biasBackward(d.mixed(), value.dBias());
    product(Form.WEIGHT, d.mixed(), value.dWeight(), context);
    product(Form.WIDEN, d.mixed(), value.weight(), d.context());
    backend.tokenAttentionBackward(
        new TokenAttention.Gradient(attention(x), d.context(), d.wideQ(), dX, d.scores()));
    product(Form.WEIGHT, q, key.dWeight(), d.wideQ());
    product(Form.NARROW, d.q(), key.weight(), d.wideQ());
    backend.zero(key.dBias());
    // Not in the place of the last token's vector, which the gradient of a weight may still read.
    query.backward(d.q(), last, d.last(), false);
    backend.takeTokensBackward(d.last(), shape.length() - 1, dX);
  }
}
