package dev.emergence.spec.expr;

import dev.emergence.spec.Condition;
import java.util.Map;

/** The {@code where:} of fits and plots: which conditions, and which of their seeds. */
public final class Where {
  private Where() {}

  /**
   * Whether a condition has the wanted values; {@code seed} is left to {@link #seed}.
   *
   * @param wanted values by symbol, path, {@code variant} or {@code seed}
   */
  public static boolean matches(Map<String, Object> wanted, Condition condition, Symbols symbols) {
    return wanted.entrySet().stream()
        .allMatch(e -> matches(e.getKey(), e.getValue(), condition, symbols));
  }

  private static boolean matches(String name, Object value, Condition condition, Symbols symbols) {
    if (name.equals(Symbols.SEED)) {
      return true;
    }
    if (name.equals(Symbols.VARIANT)) {
      return Paths.same(value, condition.variant());
    }
    return symbols.value(name, condition.config()).map(has -> Paths.same(value, has)).orElse(false);
  }

  /** Whether a seed is wanted. */
  public static boolean seed(Map<String, Object> wanted, long seed) {
    Object value = wanted.get(Symbols.SEED);
    return value == null || Paths.same(value, seed);
  }
}
