package dev.emergence.theory;

import dev.emergence.spec.RunConfig;
import java.util.Map;

/**
 * A relation between two quantities that the theory gives in closed form, for plots without
 * measurements.
 *
 * @param x the quantity on the x axis
 * @param y the quantity on the y axis
 * @param points {@code points[i]} = (x, y), x ascending
 */
public record Relation(String x, String y, double[][] points) {
  private static final Map<String, Form> BY_NAME =
      Map.of(
          "w_inf",
          new Form("w_inf", LatePhase::equilibrium),
          "loss_at_equilibrium",
          new Form("train.loss", LatePhase::lossAtEquilibrium));

  private record Form(String y, Value value) {}

  private interface Value {
    double at(LatePhase phase, double attention);
  }

  /**
   * A relation to {@code alpha}, the attention on one relevant token, for the data of a run,
   * between uniform attention, 1/T, and all attention on relevant tokens, 1/B.
   *
   * @param name {@code w_inf} or {@code loss_at_equilibrium} (App. A.3.3)
   * @param points how many, spread logarithmically
   * @throws NotApplicable for an unknown name, naming the known ones
   */
  public static Relation of(String name, RunConfig config, int points) {
    Form form = BY_NAME.get(name);
    if (form == null) {
      throw new NotApplicable(
          "no relation '"
              + name
              + "'; known: "
              + String.join(", ", BY_NAME.keySet().stream().sorted().toList()));
    }
    LatePhase phase = new LatePhase(Setting.of(config), ReducedFlow.scores(config));
    double length = phase.setting().length();
    double inContext = phase.setting().inContext();
    double[][] out = new double[points][];
    for (int i = 0; i < points; i++) {
      double alpha =
          Math.pow(length, -(points - 1.0 - i) / (points - 1))
              * Math.pow(inContext, -i / (points - 1.0));
      out[i] = new double[] {alpha, form.value().at(phase, Math.min(1, inContext * alpha))};
    }
    return new Relation("alpha", form.y(), out);
  }
}
