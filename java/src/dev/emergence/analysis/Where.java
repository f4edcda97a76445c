package dev.emergence.analysis;

import dev.emergence.spec.Condition;
import dev.emergence.spec.expr.Paths;
import dev.emergence.spec.expr.Symbols;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code where}: values by symbol or path that a run must have; {@code seed} and {@code variant}
 * count as names.
 */
record Where(Map<String, Object> wanted, Symbols symbols) {
  Where {
    for (String name : wanted.keySet()) {
      boolean known =
          name.equals(Symbols.SEED) || name.equals(Symbols.VARIANT) || symbols.has(name);
      if (!known) {
        throw new IllegalArgumentException(
            "'"
                + name
                + "' is neither a symbol nor a path; symbols: "
                + String.join(" ", symbols.official()));
      }
    }
  }

  boolean matches(Condition condition) {
    return wanted.entrySet().stream()
        .allMatch(
            e ->
                e.getKey().equals(Symbols.SEED)
                    || value(e.getKey(), condition)
                        .filter(v -> Paths.same(v, e.getValue()))
                        .isPresent());
  }

  boolean matches(int seed) {
    Object asked = wanted.get(Symbols.SEED);
    return asked == null || Paths.same((long) seed, asked);
  }

  private Optional<Object> value(String name, Condition condition) {
    return name.equals(Symbols.VARIANT)
        ? Optional.of(condition.variant())
        : symbols.value(name, condition.config());
  }
}
