package dev.emergence.theory;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.ToySpec;
import dev.emergence.spec.ToySpec.Scores;

/**
 * Gradient flow of the toy model on its reduced coordinates: v' = -∂L/∂v, Δa' = -κ ∂L/∂Δa.
 *
 * <p>κ = 1 are the paper's Eqs. 3-4: the B relevant positions share one score ({@code tied}). The
 * model of Eq. 2 has a score for each position ({@code untied}). There softmax gives Σ ∂L/∂a_t = 0,
 * so the score of an irrelevant position moves by -B/(T-B) times that of a relevant one, and ∂L/∂Δa
 * = B ∂L/∂a_T; hence Δa' = -T/(B(T-B)) ∂L/∂Δa. App. A.3.1 overlooks the factor, which is harmless
 * for B = 1 and turns the plateau's 1/B into 1/√B for B > 1. Immutable.
 */
public final class ReducedFlow implements Flow {
  private final ReducedLoss loss;
  private final double mobility;

  private ReducedFlow(ReducedLoss loss, double mobility) {
    this.loss = loss;
    this.mobility = mobility;
  }

  /** The flow on (w, Δa) without cross-sample repetition, else on (w̃, w, Δa). */
  public static ReducedFlow of(Setting setting, Scores scores) {
    ReducedLoss loss =
        setting.crossSample() == 0 ? ReducedLoss.plane(setting) : ReducedLoss.space(setting);
    return new ReducedFlow(loss, mobility(setting, scores));
  }

  /** The flow on (w̃, w, Δa), for any cross-sample repetition. */
  public static ReducedFlow inSpace(Setting setting, Scores scores) {
    return new ReducedFlow(ReducedLoss.space(setting), mobility(setting, scores));
  }

  /**
   * Whose scores a run has: the full model and anything stochastic has a score a position; a
   * Transformer's belong to tokens.
   */
  static Scores scores(RunConfig config) {
    if (config.architecture() instanceof ToySpec toy) {
      return toy.dynamics() == ToySpec.Dynamics.REDUCED ? toy.scores() : Scores.UNTIED;
    }
    return Scores.TIED;
  }

  /** κ. Where B = T every score is alike and none moves: 0. */
  static double mobility(Setting setting, Scores scores) {
    if (setting.irrelevant() == 0) {
      return 0;
    }
    return scores == Scores.TIED
        ? 1
        : setting.length() / ((double) setting.inContext() * setting.irrelevant());
  }

  /** The loss that decreases along the flow. */
  public ReducedLoss loss() {
    return loss;
  }

  @Override
  public int dimension() {
    return loss.dimension();
  }

  @Override
  public void derivatives(double[] state, double[] out) {
    loss.gradient(state, out);
    int a = out.length - 1;
    for (int k = 0; k < a; k++) {
      out[k] = -out[k];
    }
    out[a] *= -mobility;
  }
}
