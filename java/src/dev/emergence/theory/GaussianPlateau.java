package dev.emergence.theory;

import dev.emergence.spec.ToySpec.Scores;
import org.hipparchus.special.Erf;

/**
 * The plateau without linearising attention. While attention is sparse it is exponential in its
 * score, s = B e^Δa / T. With λ and the fast direction u of {@link Linearization},
 *
 * <pre>u' = λ e^Δa,  Δa' = λ u e^Δa   hence   Δa = u²/2,  t(u) = √(π/2) erf(u/√2) / λ</pre>
 *
 * <p>The state runs away at the finite time √(π/2)/λ: 1.2533 √d T/B with tied scores, 1.2533 √d
 * T/√B with untied ones, without a logarithm. Two corrections make {@link #time}:
 *
 * <ul>
 *   <li>Noise from irrelevant tokens holds the weights back: u' = λ (e^Δa - ε u) with ε = 1/(d T
 *       λ). To first order in ε the time grows by (1 - π/4) ε/λ, a factor 1 + 0.1712/√d for B = 1
 *       and p = 0 (the integrated flow gives 1.0218 at d = 64, this 1.0214).
 *   <li>Once attention is there, weights still have to be learned: their error decays as e^(-σt), σ
 *       = (1-p)/d, and the loss has fallen to a share r of its start after -ln(√r)/σ.
 * </ul>
 *
 * <p>Valid while T/B is large. Nothing is counted for the transition itself, so {@link #time} falls
 * short of the integrated flow: by less than 5.5 % for p = 0, d of at least 16 and T/B of at least
 * 64, by 0.06 % at T = 4096, d = 256. With cross-sample repetition it wants a plateau that is long
 * compared with d/(1-p): within 10 % for tied scores, p up to 1/2 and T/B of at least 8 d.
 *
 * @param setting data
 * @param scores tied or untied
 */
public record GaussianPlateau(Setting setting, Scores scores) {
  private static final double HALF_GAUSSIAN = Math.sqrt(Math.PI / 2);

  /** √(π/2)/λ: when attention runs away, for d → ∞. */
  public double leading() {
    return HALF_GAUSSIAN / linear().rate();
  }

  /** {@link #leading} with the noise of a finite d. */
  public double escape() {
    double rate = linear().rate();
    double noise = 1 / (setting.dim() * (double) setting.length() * rate);
    return leading() + (1 - Math.PI / 4) * noise / rate;
  }

  /**
   * When the loss without cross-sample repetition has fallen to a share of its initial value.
   *
   * @param share in (0, 1), 0.2 for the threshold of the figures
   * @return infinity for p = 1, where only the special direction is ever learned
   */
  public double time(double share) {
    if (!(share > 0 && share < 1)) {
      throw new NotApplicable(
          "the loss must fall to a share between 0 and 1 of its start, got " + share);
    }
    return escape() - Math.log(share) / (2 * setting.plainVariance());
  }

  /** u at a time; infinite from {@link #leading} on. */
  public double fast(double time) {
    double share = time / leading();
    return share >= 1 ? Double.POSITIVE_INFINITY : Math.sqrt(2) * Erf.erfInv(share);
  }

  /** Δa at a time. */
  public double deltaA(double time) {
    double u = fast(time);
    return u * u / 2;
  }

  /** Length of the weights along the fast direction. */
  public double weights(double time) {
    return linear().stretch() * fast(time);
  }

  Linearization linear() {
    return new Linearization(setting, scores);
  }
}
