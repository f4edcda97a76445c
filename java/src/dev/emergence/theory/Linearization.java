package dev.emergence.theory;

import dev.emergence.spec.ToySpec.Scores;
import org.hipparchus.util.FastMath;

/**
 * The flow near its start, to leading order in T and d (Eq. 5, App. A.3.2 and A.4.2): one direction
 * of the weights, u, and Δa drive each other, u' = λ (1 + Δa), Δa' = λ u, so u = sinh λt and Δa =
 * cosh λt - 1.
 *
 * <p>λ = B/(√d T) with tied scores, √B/(√d T) with untied ones, times √(p² d + 1 - p²). The text
 * that we read, a conversion, has √(dT) for √d T; it prints √(p² d + (1-p)²), which drops the share
 * (1-p)/d of the special direction that any token has: λ is up to 12 % larger.
 *
 * <p>The neglected ∂²L/∂w² is B√d times smaller than the mixed derivative: the approximation wants
 * a large d, not only a large T. Within 10 %, w holds until λt = 1.09 but Δa only until 0.63, and
 * the plateau ends near λt = 1.25: see {@link GaussianPlateau} for a prediction of its length.
 *
 * @param setting data
 * @param scores tied or untied
 */
public record Linearization(Setting setting, Scores scores) {

  /** λ, the growth rate, in inverse units of time. */
  public double rate() {
    return signal() * Math.sqrt(scores == Scores.TIED ? 1 : 1.0 / setting.inContext());
  }

  /** ‖∂L/∂v‖ at the start, B √(σ̃² + (d-1) σ²) / T: the speed at which weights set out. */
  double signal() {
    double special = setting.specialVariance();
    double plain = setting.plainVariance();
    return setting.inContext()
        * Math.sqrt(special * special + (setting.dim() - 1) * plain * plain)
        / setting.length();
  }

  /** Weights over u: √B with untied scores, whose attention follows more slowly. */
  double stretch() {
    return signal() / rate();
  }

  /** Share of the special direction in the fast one, σ̃ / √(σ̃² + (d-1) σ²). */
  double specialShare() {
    return setting.specialVariance() * setting.inContext() / (setting.length() * signal());
  }

  /** Share of the other directions in the fast one. */
  double plainShare() {
    return Math.sqrt(setting.dim() - 1)
        * setting.plainVariance()
        * setting.inContext()
        / (setting.length() * signal());
  }

  /** Δa at a time. */
  public double deltaA(double time) {
    // cosh x - 1 without cancellation.
    double half = FastMath.sinh(rate() * time / 2);
    return 2 * half * half;
  }

  /**
   * Length of the weights along the fast direction; w of Eq. 12 without cross-sample repetition.
   */
  public double weights(double time) {
    return stretch() * FastMath.sinh(rate() * time);
  }

  /** w̃ of Eq. 17. */
  public double special(double time) {
    return specialShare() * weights(time);
  }

  /** w of Eq. 17. */
  public double plain(double time) {
    return plainShare() * weights(time);
  }

  /**
   * The training loss, 1/2 - |∂L/∂v| v (1 + Δa) = (1 - λ √B² sinh 2λt)/2 with B = 1 where scores
   * are tied.
   */
  public double loss(double time) {
    return 0.5 - signal() * weights(time) * (1 + deltaA(time));
  }

  /**
   * Time at which the linearised loss has lost a share ε of its initial value, arcsinh(ε/(λ
   * B'))/(2λ), where B' = 1 for tied scores and B for untied ones. On the plateaus of Fig. 1c it is
   * 2.8 to 4.5 times too long: the true flow leaves the linear regime earlier.
   */
  public double escapeTime(double share) {
    return FastMath.asinh(share / (rate() * stretch() * stretch())) / (2 * rate());
  }

  /**
   * The logarithmic form of {@link #escapeTime} for small λ, Eq. 6 with the factor 2 that App.
   * A.3.2 has: ln(2ε/λ)/(2λ).
   */
  public double escapeTimeLogarithm(double share) {
    return Math.log(2 * share / (rate() * stretch() * stretch())) / (2 * rate());
  }
}
