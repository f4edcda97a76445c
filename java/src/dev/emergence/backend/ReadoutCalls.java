package dev.emergence.backend;

import dev.emergence.backend.Em.em_head_product_args;
import dev.emergence.backend.Em.em_token_attention_args;
import dev.emergence.backend.Em.em_token_attention_backward_args;
import dev.emergence.tensor.AttentionShapes;
import dev.emergence.tensor.HeadProduct;
import dev.emergence.tensor.TokenAttention;

/** Attention over the tokens themselves and the products of heads; see {@link ArithmeticCalls}. */
final class ReadoutCalls {
  private final NativeContext context;
  private final em_head_product_args product = new em_head_product_args();
  private final em_token_attention_args attention = new em_token_attention_args();
  private final em_token_attention_backward_args backward = new em_token_attention_backward_args();

  ReadoutCalls(NativeContext context) {
    this.context = context;
  }

  void headProduct(HeadProduct p) {
    AttentionShapes.headProduct(p);
    context.put(product.x(), p.x());
    context.put(product.w(), p.w());
    context.put(product.y(), p.y());
    product.replicas(p.y().replicas()).rows(p.y().dim(1)).heads(p.heads());
    product.head_dim(p.headDim()).width(p.y().dim(3)).form(code(p.form()));
    context.check(
        "headProduct", Em.em_head_product(context.handle(), product), p.x(), p.w(), p.y());
  }

  private static int code(HeadProduct.Form form) {
    return switch (form) {
      case WIDEN -> Em.EM_HEADS_WIDEN;
      case NARROW -> Em.EM_HEADS_NARROW;
      case WEIGHT -> Em.EM_HEADS_WEIGHT;
    };
  }

  void tokenAttention(TokenAttention a) {
    AttentionShapes.tokenAttention(a);
    fill(attention, a);
    context.check(
        "tokenAttention", Em.em_token_attention(context.handle(), attention), a.q(), a.x(), a.p());
  }

  void tokenAttentionBackward(TokenAttention.Gradient g) {
    AttentionShapes.tokenAttentionBackward(g);
    fill(backward.forward(), g.forward());
    context.put(backward.d_out(), g.dOut());
    context.put(backward.d_q(), g.dQ());
    context.put(backward.d_x(), g.dX());
    context.put(backward.d_s(), g.dS());
    context.check(
        "tokenAttentionBackward",
        Em.em_token_attention_backward(context.handle(), backward),
        g.dOut(),
        g.dQ(),
        g.dX());
  }

  private void fill(em_token_attention_args args, TokenAttention a) {
    context.put(args.q(), a.q());
    context.put(args.x(), a.x());
    context.put(args.p(), a.p());
    context.put(args.out(), a.out());
    args.replicas(a.x().replicas()).batch(a.x().dim(1)).heads(a.q().dim(2));
    args.length(a.x().dim(2)).width(a.x().dim(3)).scale((float) a.scale());
  }
}
