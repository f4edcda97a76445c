package dev.emergence.study;

import dev.emergence.measure.Localisation;
import dev.emergence.result.Damaged;
import dev.emergence.spec.LocaliseSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
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
  public Found rows(StudiedRun run) throws NoMoment, Damaged {
    List<Long> steps = List.copyOf(run.steps());
    if (steps.isEmpty()) {
      throw new NoMoment("no parameters are stored");
    }
    Localisation.Values<Damaged> values =
        step -> OptionalDouble.of(run.measured(spec.metric(), step));
    List<Long> coarse = Localisation.evenly(steps, spec.coarse());
    Localisation found = Localisation.search(steps, coarse, values, passes());
    boolean passed = found.after().isPresent();
    boolean crossed = found.before().isPresent();
    long upper = found.after().orElse(-1);
    long lower = found.before().orElse(found.last());
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("state", crossed ? "crossed" : passed ? "from_start" : "unreached");
    row.put("lower", passed && !crossed ? null : lower);
    row.put("upper", passed ? upper : null);
    row.put("midpoint", crossed ? found.middle().getAsDouble() : null);
    row.put("value_lower", passed && !crossed ? null : found.values().get(lower));
    row.put("value_upper", found.values().get(upper));
    row.put("lost", found.recrossings());
    row.put("checkpoints", steps.size());
    row.put("measured", found.values().size());
    return Found.all(List.of(row));
  }

  private DoublePredicate passes() {
    return spec.below().isPresent()
        ? value -> value < spec.below().get()
        : value -> value > spec.above().orElseThrow();
  }
}
