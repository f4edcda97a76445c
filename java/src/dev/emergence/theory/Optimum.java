package dev.emergence.theory;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec;
import java.util.OptionalDouble;

/** Where a quantity of linear regression ends up. */
public final class Optimum {
  private Optimum() {}

  /**
   * Optima of the reduced loss (Zucchet et al. 2025, App. A): all attention on relevant tokens and
   * W = W*. Attention on one relevant token has none where their number changes.
   */
  public static OptionalDouble of(String quantity, RunConfig config) {
    if (!(config.task() instanceof TaskSpec.LinearRegression task)) {
      return OptionalDouble.empty();
    }
    boolean special = ToyReadings.splits(config.repetition());
    boolean changes =
        config.repetition().changes().stream().anyMatch(change -> change.inContext().isPresent());
    return switch (quantity) {
      case "w" -> OptionalDouble.of(Math.sqrt(special ? task.dim() - 1.0 : task.dim()));
      case "w_tilde" -> OptionalDouble.of(1);
      case "alpha" ->
          changes
              ? OptionalDouble.empty()
              : OptionalDouble.of(1.0 / config.repetition().inContext());
      case "attention.relevant" -> OptionalDouble.of(1);
      default -> OptionalDouble.empty();
    };
  }
}
