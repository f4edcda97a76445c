package dev.emergence.theory;

import dev.emergence.spec.ToySpec.Scores;
import java.util.Map;

/**
 * What is read off a state of the reduced flow: {@code SET.loss} for each test set, {@code
 * train.loss}, {@code w}, {@code w_tilde}, {@code alpha} (on one relevant token), {@code
 * attention.relevant} (on all B of them), {@code delta_a}, {@code w_inf} (where w would settle at
 * this attention), the gradient's components and the extreme eigenvalues of the Hessian of the
 * training loss.
 *
 * <p>On (w, Δa), {@code w} is the coordinate of Eq. 12 with optimum √d, and {@code w_tilde} = w/√d;
 * on (w̃, w, Δa) they are those of Eq. 17 with optima √(d-1) and 1.
 *
 * <p>A test set may have other repetition than the training data. With {@code tied} scores the
 * score belongs to being relevant, so attention on B' copies is 1/(1 + (T-B')/B' exp(-Δa)). With
 * {@code untied} scores it belongs to the last B positions, and the last B' ones are relevant in
 * the test.
 */
final class ReducedObservables {
  private final ReducedLoss loss;
  private final Setting trained;
  private final Scores scores;
  private final int a;

  private ReducedObservables(Setting trained, Scores scores, ReducedLoss loss) {
    this.trained = trained;
    this.scores = scores;
    this.loss = loss;
    a = loss.dimension() - 1;
  }

  /**
   * @param trained what the data are drawn with now
   * @param tests what each test set is drawn with
   */
  static Observables of(
      Setting trained, Scores scores, ReducedLoss loss, Map<String, Setting> tests) {
    return new ReducedObservables(trained, scores, loss).columns(tests);
  }

  private Observables columns(Map<String, Setting> tests) {
    Observables all = new Observables();
    tests.forEach((name, test) -> all.with(name + ".loss", state -> testLoss(test, state)));
    all.with("train.loss", loss::value);
    all.withCoordinate("w", state -> state[a - 1]);
    all.withCoordinate("w_tilde", state -> a == 2 ? state[0] : state[0] / Math.sqrt(trained.dim()));
    all.with("alpha", state -> loss.attention(state[a]) / trained.inContext());
    all.with("attention.relevant", state -> loss.attention(state[a]));
    all.withCoordinate("delta_a", state -> state[a]);
    all.with("w_inf", state -> loss.equilibrium(state[a])[a - 1]);
    all.with("gradient_w", state -> gradient(state)[a - 1]);
    all.with("gradient_delta_a", state -> gradient(state)[a]);
    all.with("hessian_min", state -> loss.hessianEigenvalues(state)[0]);
    all.with("hessian_max", state -> loss.hessianEigenvalues(state)[a]);
    all.with(
        "w_tilde_inf",
        state ->
            a == 2
                ? loss.equilibrium(state[a])[0]
                : loss.equilibrium(state[a])[0] / Math.sqrt(trained.dim()));
    all.with("gradient_w_tilde", this::specialGradient);
    return all;
  }

  private double testLoss(Setting test, double[] state) {
    double[] inSpace = a == 2 ? state : split(state);
    ReducedLoss tested = ReducedLoss.space(test);
    if (scores == Scores.TIED) {
      return tested.value(inSpace);
    }
    int relevant = test.inContext();
    int learned = trained.inContext();
    double high = loss.attention(state[a]) / learned;
    double low = trained.irrelevant() == 0 ? 0 : loss.inattention(state[a]) / trained.irrelevant();
    // The last B positions were learned, the last B' count: those in both are relevant and attended
    // to.
    double mass = Math.min(relevant, learned) * high + Math.max(0, relevant - learned) * low;
    double spread =
        Math.max(0, learned - relevant) * high * high
            + (test.length() - Math.max(relevant, learned)) * low * low;
    return tested.value(inSpace, mass, spread / test.dim());
  }

  /** ∂L/∂w̃ in the coordinates of Eq. 17. */
  private double specialGradient(double[] state) {
    double[] out = new double[3];
    ReducedLoss.space(trained).gradient(a == 2 ? state : split(state), out);
    return out[0];
  }

  /** (w, Δa) as (w̃, w, Δa). */
  private double[] split(double[] state) {
    double d = trained.dim();
    return new double[] {state[0] / Math.sqrt(d), state[0] * Math.sqrt((d - 1) / d), state[1]};
  }

  private double[] gradient(double[] state) {
    double[] out = new double[a + 1];
    loss.gradient(state, out);
    return out;
  }
}
