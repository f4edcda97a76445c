package dev.emergence.backend;

import dev.emergence.backend.Em.em_attention_args;
import dev.emergence.backend.Em.em_attention_backward_args;
import dev.emergence.backend.Em.em_attention_entropy_args;
import dev.emergence.backend.Em.em_attention_mass_args;
import dev.emergence.backend.Em.em_attention_probabilities_args;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.AttentionShapes;
import dev.emergence.tensor.Tensor;

/** Attention and its statistics; see {@link ArithmeticCalls}. */
final class AttentionCalls {
  private final NativeContext context;
  private final em_attention_args attention = new em_attention_args();
  private final em_attention_backward_args backward = new em_attention_backward_args();
  private final em_attention_probabilities_args probabilities =
      new em_attention_probabilities_args();
  private final em_attention_mass_args mass = new em_attention_mass_args();
  private final em_attention_entropy_args entropy = new em_attention_entropy_args();

  AttentionCalls(NativeContext context) {
    this.context = context;
  }

  void attention(Attention a) {
    AttentionShapes.attention(a);
    fill(attention, a);
    check("attention", Em.em_attention(context.handle(), attention), a);
  }

  void attentionBackward(Attention.Gradient g) {
    AttentionShapes.attentionBackward(g);
    fill(backward.forward(), g.forward());
    context.put(backward.d_out(), g.dOut());
    context.put(backward.d_q(), g.dQ());
    context.put(backward.d_k(), g.dK());
    context.put(backward.d_v(), g.dV());
    context.put(backward.delta(), g.delta());
    check("attentionBackward", Em.em_attention_backward(context.handle(), backward), g.forward());
  }

  void attentionProbabilities(Attention a, Tensor p) {
    AttentionShapes.attentionProbabilities(a, p);
    fill(probabilities.forward(), a);
    context.put(probabilities.p(), p);
    check(
        "attentionProbabilities",
        Em.em_attention_probabilities(context.handle(), probabilities),
        a);
  }

  void attentionMass(Attention a, Tensor query, Tensor marked, Tensor out) {
    AttentionShapes.attentionMass(a, query, marked, out);
    fill(mass.forward(), a);
    context.put(mass.query(), query);
    context.put(mass.marked(), marked);
    context.put(mass.mass(), out);
    check("attentionMass", Em.em_attention_mass(context.handle(), mass), a);
  }

  void attentionEntropy(Attention a, Tensor query, Tensor out) {
    AttentionShapes.attentionEntropy(a, query, out);
    fill(entropy.forward(), a);
    context.put(entropy.query(), query);
    context.put(entropy.entropy(), out);
    check("attentionEntropy", Em.em_attention_entropy(context.handle(), entropy), a);
  }

  private void fill(em_attention_args args, Attention a) {
    Attention.Shape s = a.shape();
    context.put(args.q(), a.q());
    context.put(args.k(), a.k());
    context.put(args.v(), a.v());
    context.put(args.bias(), a.bias());
    context.put(args.out(), a.out());
    context.put(args.lse(), a.lse());
    args.replicas(a.q().replicas())
        .batch(s.batch())
        .heads(s.heads())
        .queries(s.queries())
        .keys(s.keys())
        .head_dim(s.headDim());
    args.query_stride(s.queryStride()).key_stride(s.keyStride()).output_stride(s.outputStride());
    args.causal(s.causal() ? 1 : 0).scale((float) a.scale());
  }

  private void check(String operation, int status, Attention a) {
    context.check(
        status == Em.EM_OK ? operation : operation + " of " + a.shape(),
        status,
        a.q(),
        a.k(),
        a.v(),
        a.out());
  }
}
