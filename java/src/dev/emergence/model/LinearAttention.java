package dev.emergence.model;

import dev.emergence.model.FastWeightBranch.Rule;
import dev.emergence.spec.LinearAttentionSpec;
import dev.emergence.tensor.FastWeights.Feature;

/**
 * Causal attention without softmax (Katharopoulos et al. 2020): in each head o_t = scale · Σ_{u ≤
 * t} v_u (φ(k_u) · φ(q_t)), with φ the identity or elu + 1, and scale 1/sqrt(Dh); divided by Σ
 * φ(k_u) · φ(q_t) where it is normalised. Computed as a scan over a matrix, linear in the length.
 */
final class LinearAttention implements TokenMixer {
  private final LinearAttentionSpec spec;
  private final Rule rule;

  LinearAttention(LinearAttentionSpec spec) {
    this.spec = spec;
    Feature feature =
        switch (spec.feature()) {
          case NONE -> Feature.NONE;
          case ELU -> Feature.ELU;
        };
    this.rule =
        new Rule(spec.each().heads(), spec.each().headDim(), feature, false, spec.normalised());
  }

  @Override
  public void declare(Layout.Builder layout, String name, int length) {
    FastWeightBranch.declare(layout, name, spec.shared(), rule);
  }

  @Override
  public Branch every(Site site) {
    return new FastWeightBranch(site, rule);
  }
}
