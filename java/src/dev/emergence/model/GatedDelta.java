package dev.emergence.model;

import dev.emergence.model.FastWeightBranch.Rule;
import dev.emergence.spec.GatedDeltaSpec;
import dev.emergence.tensor.FastWeights.Feature;

/**
 * The gated delta rule (Yang et al. 2024): in each head S_t = a_t S_{t-1} (I - b_t k_t k_tᵀ) + b_t
 * v_t k_tᵀ and o_t = S_t q_t, with queries and keys of length 1, a_t and b_t sigmoids of a linear
 * map of the token. The bias of a starts so that a head forgets over 4 to 16 sequence lengths: what
 * is forgotten within the sequence cannot be learned from. The gates keep their biases whatever
 * {@code biases} says.
 */
final class GatedDelta implements TokenMixer {
  private final GatedDeltaSpec spec;
  private final Rule rule;

  GatedDelta(GatedDeltaSpec spec) {
    this.spec = spec;
    this.rule = new Rule(spec.each().heads(), spec.each().headDim(), Feature.UNIT, true, false);
  }

  @Override
  public void declare(Layout.Builder layout, String name, int length) {
    FastWeightBranch.declare(layout, name, spec.shared(), rule);
    String keep = name + FastWeightBranch.KEEP;
    String write = name + FastWeightBranch.WRITE;
    int width = spec.shared().embeddingDim();
    Initial weight = LinearKind.mixing(spec.shared()).weight(width);
    layout.add(keep + ".weight", weight, rule.heads(), width);
    layout.add(write + ".weight", weight, rule.heads(), width);
    layout.add(keep + ".bias", Initials.horizon(4.0 * length, 16.0 * length), rule.heads());
    layout.add(write + ".bias", new Initial.Constant(0), rule.heads());
  }

  @Override
  public Branch every(Site site) {
    return new FastWeightBranch(site, rule);
  }
}
