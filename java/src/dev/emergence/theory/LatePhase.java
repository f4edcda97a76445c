package dev.emergence.theory;

import dev.emergence.spec.ToySpec.Scores;

/**
 * After the transition the weights sit at their equilibrium and attention creeps to 1 (App. A.3.3).
 * With ε = 1 - Bα small:
 *
 * <pre>
 * w_inf = √d/(1-ε) - √d ε²/(T-B) + O(ε³),  H_ww = (1-2ε)/d,  H_wΔ = ε/√d,  H_ΔΔ = ε² (1 + 2/(T-B)),  L = ε²/(2(T-B))
 * </pre>
 *
 * <p>The text has Bε/√d and ((B+B²)/(T-B) + B²) ε for the last two entries of the Hessian; the
 * score's direction is flatter than that, by a factor ε. From Δa' = -κ ∂L/∂Δa follows ε' = -κ
 * ε³/(T-B), so the loss ends as 1/(4κ t), whatever d, T and p are.
 *
 * @param setting data
 * @param scores tied or untied
 */
public record LatePhase(Setting setting, Scores scores) {

  /**
   * w_inf for attention s on the relevant tokens, {@code 0 < s <= 1}, without cross-sample
   * repetition: √d s / ((1-s)²/(T-B) + s²).
   */
  public double equilibrium(double attention) {
    double lost = 1 - attention;
    double noise = setting.irrelevant() == 0 ? 0 : lost * lost / setting.irrelevant();
    return Math.sqrt(setting.dim()) * attention / (noise + attention * attention);
  }

  /** The attention at which {@link #equilibrium} is largest, 1/√(T-B+1). */
  public double attentionOfLargestEquilibrium() {
    return 1 / Math.sqrt(setting.irrelevant() + 1.0);
  }

  /**
   * The training loss at equilibrium for attention s: (1-s)² / (2 ((1-s)² + (T-B) s²)), without
   * cross-sample repetition.
   */
  public double lossAtEquilibrium(double attention) {
    double lost = (1 - attention) * (1 - attention);
    return setting.irrelevant() == 0
        ? 0
        : lost / (2 * (lost + setting.irrelevant() * attention * attention));
  }

  /**
   * The loss a time after attention on irrelevant tokens was ε: 1 / (4κ t + 2 (T-B)/ε²).
   *
   * @param time since then
   * @param lost ε, attention on irrelevant tokens at time 0
   */
  public double loss(double time, double lost) {
    double mobility = ReducedFlow.mobility(setting, scores);
    return 1 / (4 * mobility * time + 2 * setting.irrelevant() / (lost * lost));
  }
}
