package dev.emergence.backend;

import dev.emergence.backend.Em.em_attention_args;
import dev.emergence.backend.Em.em_attention_backward_args;
import dev.emergence.backend.Em.em_attention_bias;
import dev.emergence.backend.Em.em_attention_bias_backward_args;
import dev.emergence.backend.Em.em_attention_entropy_args;
import dev.emergence.backend.Em.em_attention_list;
import dev.emergence.backend.Em.em_attention_mass_args;
import dev.emergence.backend.Em.em_attention_override_args;
import dev.emergence.backend.Em.em_attention_probabilities_args;
import dev.emergence.tensor.Attention;
import dev.emergence.tensor.AttentionShapes;
import dev.emergence.tensor.Bias;
import dev.emergence.tensor.Parents;
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
  private final em_attention_bias_backward_args biasBackward =
      new em_attention_bias_backward_args();
  private final em_attention_override_args override = new em_attention_override_args();

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

  void attentionMass(Attention a, Parents on, Tensor out) {
    AttentionShapes.attentionMass(a, on, out);
    fill(mass.forward(), a);
    fill(mass.on(), on);
    context.put(mass.mass(), out);
    check("attentionMass", Em.em_attention_mass(context.handle(), mass), a);
  }

  void attentionEntropy(Attention a, Tensor queries, Tensor out) {
    AttentionShapes.attentionEntropy(a, queries, out);
    fill(entropy.forward(), a);
    context.put(entropy.on().queries(), queries);
    entropy.on().sequences(queries.dim(1)).entries(queries.dim(2)).width(0);
    context.put(entropy.entropy(), out);
    check("attentionEntropy", Em.em_attention_entropy(context.handle(), entropy), a);
  }

  void attentionBiasBackward(
      Attention.Gradient g, int which, Tensor dStrength, boolean accumulate) {
    AttentionShapes.attentionBiasBackward(g, which, dStrength);
    fill(biasBackward.forward(), g.forward());
    context.put(biasBackward.d_out(), g.dOut());
    context.put(biasBackward.delta(), g.delta());
    context.put(biasBackward.d_strength(), dStrength);
    biasBackward.which(which).accumulate(accumulate ? 1 : 0);
    check(
        "attentionBiasBackward",
        Em.em_attention_bias_backward(context.handle(), biasBackward),
        g.forward());
  }

  void attentionOverride(Attention a, Tensor p, Tensor heads) {
    AttentionShapes.attentionOverride(a, p, heads);
    fill(override.forward(), a);
    context.put(override.p(), p);
    context.put(override.heads(), heads);
    check("attentionOverride", Em.em_attention_override(context.handle(), override), a);
  }

  private void fill(em_attention_list list, Parents on) {
    context.put(list.queries(), on.queries());
    context.put(list.keys(), on.keys());
    list.sequences(on.sequences()).entries(on.entries()).width(on.width());
  }

  private void fill(em_attention_bias to, Bias bias) {
    fill(to.on(), bias.on());
    context.put(to.strength(), bias.strength());
    context.put(to.heads(), bias.heads());
    to.first_query(bias.firstQuery());
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
    for (int n = 0; n < a.listed().size(); n++) {
      fill(args.listed(n), a.listed().get(n));
    }
    args.listed_count(a.listed().size());
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
