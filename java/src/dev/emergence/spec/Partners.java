package dev.emergence.spec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the condition among some that agrees with another in all swept values but a few, without a
 * look at every one of them. Immutable.
 */
public final class Partners {
  private static final String VARIANT = "variant";

  private final Set<String> except;

  /** By the paths that must agree, of which the conditions of a sweep share few sets. */
  private final Map<List<String>, Map<List<Object>, Integer>> places = new LinkedHashMap<>();

  /**
   * @param among the conditions that are looked for
   * @param except paths that may differ; {@code variant} for the variant
   */
  public Partners(List<Condition> among, Set<String> except) {
    this.except = Set.copyOf(except);
    for (int i = 0; i < among.size(); i++) {
      Condition condition = among.get(i);
      List<String> paths =
          condition.values().keySet().stream().filter(path -> !except.contains(path)).toList();
      places.computeIfAbsent(paths, p -> new HashMap<>()).putIfAbsent(values(condition, paths), i);
    }
  }

  private List<Object> values(Condition condition, List<String> paths) {
    List<Object> out =
        paths.stream()
            .map(condition.values()::get)
            .collect(Collectors.toCollection(ArrayList::new));
    out.add(except.contains(VARIANT) ? "" : condition.variant());
    return out;
  }

  /** The place of the first of which every value that must agree is the condition's, too. */
  public OptionalInt of(Condition condition) {
    return places.entrySet().stream()
        .filter(e -> e.getValue().containsKey(values(condition, e.getKey())))
        .mapToInt(e -> e.getValue().get(values(condition, e.getKey())))
        .min();
  }
}
