package dev.emergence.study;

import dev.emergence.result.Damaged;
import dev.emergence.spec.LocaliseSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;

/** Two neighbouring checkpoints between which the metric first passes a level. */
final class Localise implements Study {
  private final LocaliseSpec spec;

  Localise(LocaliseSpec spec) {
    this.spec = spec;
  }

  @Override
  public List<String> columns() {
    return List.of(
        "state",
        "lower",
        "upper",
        "midpoint",
        "value_lower",
        "value_upper",
        "lost",
        "checkpoints",
        "measured");
  }

  @Override
  public List<Map<String, Object>> rows(StudiedRun run) throws NoMoment, Damaged {
    List<Long> steps = List.copyOf(run.steps());
    if (steps.isEmpty()) {
      throw new NoMoment("no parameters are stored");
    }
    Bisection.Values<Damaged> values = place -> run.measured(spec.metric(), steps.get(place));
    Bisection.Bracket found = Bisection.of(steps.size(), spec.coarse(), values, passes());
    boolean first = found.isPassed() && found.lower() < 0;
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("state", first ? "from_start" : found.isPassed() ? "crossed" : "unreached");
    row.put("lower", found.lower() < 0 ? null : steps.get(found.lower()));
    row.put("upper", found.isPassed() ? steps.get(found.upper()) : null);
    boolean bracket = found.isPassed() && !first;
    row.put(
        "midpoint", bracket ? (steps.get(found.lower()) + steps.get(found.upper())) / 2.0 : null);
    row.put("value_lower", found.measured().get(found.lower()));
    row.put("value_upper", found.measured().get(found.upper()));
    row.put("lost", found.lost());
    row.put("checkpoints", steps.size());
    row.put("measured", found.measured().size());
    return List.of(row);
  }

  private DoublePredicate passes() {
    return spec.below().isPresent()
        ? value -> value < spec.below().get()
        : value -> value > spec.above().orElseThrow();
  }
}
