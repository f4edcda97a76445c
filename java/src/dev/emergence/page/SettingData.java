package dev.emergence.page;

import dev.emergence.plan.Plan;
import dev.emergence.plan.SpecTree;
import dev.emergence.spec.Condition;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.expr.Symbols;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The values of configurations by path, and the names by which a filter may ask for them. */
final class SettingData {
  private final Map<String, Object> base;

  SettingData(Plan plan) {
    this.base = Snapshot.flat(SpecTree.of(plan.experiment().base()));
  }

  /** Those of the base file. */
  Map<String, Object> base() {
    return base;
  }

  /** {@code {name: path}} of all names but whole paths. */
  static Map<String, Object> names(Symbols symbols) {
    Map<String, Object> out = new LinkedHashMap<>();
    symbols.all().forEach((name, symbol) -> out.put(name, symbol.path()));
    return out;
  }

  /** Those in which a condition differs from the base beside its axes; null where it has none. */
  Map<String, Object> others(Condition condition) {
    Map<String, Object> out = differing(condition.config());
    out.keySet().removeAll(condition.values().keySet());
    return out;
  }

  /** Those in which a configuration differs from the base; null where it has none. */
  private Map<String, Object> differing(RunConfig config) {
    Map<String, Object> own = Snapshot.flat(SpecTree.of(config));
    Map<String, Object> out = new LinkedHashMap<>();
    own.forEach(
        (path, value) -> {
          if (!Objects.equals(value, base.get(path))) {
            out.put(path, value);
          }
        });
    base.keySet().stream().filter(path -> !own.containsKey(path)).forEach(p -> out.put(p, null));
    return out;
  }
}
