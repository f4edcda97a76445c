package dev.emergence.model;

import dev.emergence.spec.MlpMixerSpec;
import dev.emergence.spec.MlpMixerSpec.Form;
import dev.emergence.tensor.Activation;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;
import dev.emergence.tensor.TokenMix;
import java.util.Optional;

/**
 * Learned weights over positions (Tolstikhin et al. 2021), strictly causal: a position sees itself
 * and earlier ones. One matrix for all channels, one for each group of channels, or a two-layer MLP
 * over positions whose hidden units each belong to a position: unit (t, j) reads positions up to t
 * and is read by positions from t on. No biases: what a position adds for itself is the MLP's.
 */
final class MlpMixer implements TokenMixer {
  private final MlpMixerSpec spec;

  MlpMixer(MlpMixerSpec spec) {
    this.spec = spec;
  }

  private int groups() {
    return spec.form() == Form.MULTI_MAP ? spec.groups() : 1;
  }

  @Override
  public void declare(Layout.Builder layout, String name, int length) {
    LinearKind kind = LinearKind.mixing(spec.shared());
    LinearKind last = kind.last(spec.shared());
    if (spec.form() == Form.TOKEN_MLP) {
      int hidden = Math.multiplyExact(spec.expansion(), length);
      layout.add(name + ".hidden.weight", kind.weight(length), 1, hidden, length);
      layout.add(name + ".output.weight", last.weight(hidden), 1, length, hidden);
    } else {
      layout.add(name + ".weight", last.weight(length), groups(), length, length);
    }
  }

  @Override
  public Branch every(Site site) {
    return spec.form() == Form.TOKEN_MLP
        ? new TokenMlp(site, spec)
        : new Maps(site, spec, groups());
  }

  /** A weight over tokens and its gradient. */
  private static final class Weight {
    private final Backend backend;
    private final int length;
    private final Tensor value;
    private final Tensor gradient;

    Weight(Site site, String name, long groups, long rows, long columns) {
      Parameters p = site.memory().parameters();
      this.backend = site.memory().backend();
      this.length = site.length();
      this.value = p.value(name).reshape(groups, rows, columns);
      this.gradient = p.gradient(name).reshape(groups, rows, columns);
    }

    void forward(Tensor x, Tensor y) {
      backend.mixTokens(new TokenMix(length, value, x, y));
    }

    void backward(Tensor dY, Tensor x, Tensor dX, boolean accumulate) {
      TokenMix forward = new TokenMix(length, value, x, dY);
      backend.mixTokensBackward(new TokenMix.Gradient(forward, dY, dX, accumulate, gradient));
    }
  }

  /** One matrix a group of channels. */
  private static final class Maps implements Branch {
    private final Backend backend;
    private final Weight weight;
    private final Optional<Tensor> copy;

    Maps(Site site, MlpMixerSpec spec, int groups) {
      int length = site.length();
      this.backend = site.memory().backend();
      this.weight = new Weight(site, site.name() + ".weight", groups, length, length);
      this.copy =
          site.memory().gradient("mixer.dout", site.batch(), length, spec.shared().embeddingDim());
    }

    @Override
    public void forward(Tensor x, Optional<Tensor> residual, Tensor out) {
      weight.forward(x, out);
      residual.ifPresent(r -> backend.accumulate(r, out));
    }

    @Override
    public void backward(Tensor dOut, Tensor x, Tensor dX, boolean accumulate) {
      Tensor d = dOut;
      if (dOut == dX) { // every row of the gradient reads the others'
        d = copy.orElseThrow();
        backend.copy(dOut, d);
      }
      weight.backward(d, x, dX, accumulate);
    }
  }

  /** Two layers over positions with a non-linearity between them. */
  private static final class TokenMlp implements Branch {
    private final Backend backend;
    private final Activation activation;
    private final Weight hidden;
    private final Weight output;
    private final Tensor slope;
    private final Tensor after;
    private final Tensor noBias;
    private final Optional<Tensor> dAfter;
    private final Optional<Tensor> ignored;

    TokenMlp(Site site, MlpMixerSpec spec) {
      int length = site.length();
      int units = length * spec.expansion();
      int width = spec.shared().embeddingDim();
      Memory memory = site.memory();
      this.backend = memory.backend();
      this.activation = Mlp.activation(spec.shared().activation());
      this.hidden = new Weight(site, site.name() + ".hidden.weight", 1, units, length);
      this.output = new Weight(site, site.name() + ".output.weight", 1, length, units);
      this.slope = memory.kept("mixer.slope", site.batch(), units, width);
      this.after = memory.kept("mixer.after", site.batch(), units, width);
      this.noBias = memory.zeros(width);
      this.dAfter = memory.gradient("mixer.dafter", site.batch(), units, width);
      this.ignored = memory.gradient("ignored", width);
    }

    @Override
    public void forward(Tensor x, Optional<Tensor> residual, Tensor out) {
      hidden.forward(x, slope);
      backend.biasActivation(slope, noBias, activation, after);
      output.forward(after, out);
      residual.ifPresent(r -> backend.accumulate(r, out));
    }

    @Override
    public void backward(Tensor dOut, Tensor x, Tensor dX, boolean accumulate) {
      Tensor d = dAfter.orElseThrow();
      output.backward(dOut, after, d, false);
      backend.biasActivationBackward(d, slope, d, ignored.orElseThrow());
      hidden.backward(d, x, dX, accumulate);
    }
  }
}
