package dev.emergence.theory;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec;
import java.util.OptionalDouble;

/** Where a quantity of linear regression ends up. */
public final class Optimum {
  private Optimum() {}

  /**
   * Optima of the reduced loss (Zucchet et al. 2025, App. A): all attention on relevant tokens and
   * W = W*.
   */
  public static OptionalDouble of(String quantity, RunConfig config) {
    if (!(config.task() instanceof TaskSpec.LinearRegression task)) {
      return OptionalDouble.empty();
    }
    boolean special = config.repetition().crossSample() > 0;
    return switch (quantity) {
      case "w" -> OptionalDouble.of(Math.sqrt(special ? task.dim() - 1.0 : task.dim()));
      case "w_tilde" -> OptionalDouble.of(1);
      case "alpha" -> OptionalDouble.of(1.0 / config.repetition().inContext());
      case "attention.relevant" -> OptionalDouble.of(1);
      default -> OptionalDouble.empty();
    };
  }
}
