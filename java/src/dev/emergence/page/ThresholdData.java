package dev.emergence.page;

import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.Threshold;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The thresholds of a plan, whose levels may differ between conditions. */
final class ThresholdData {
  private ThresholdData() {}

  /** {@code [{name}]}. */
  static List<Object> names(Plan plan) {
    Set<String> names = new LinkedHashSet<>();
    for (Assignment a : plan.assignments()) {
      names.addAll(a.condition().config().measurement().thresholds().keySet());
    }
    return names.stream().map(name -> (Object) Trees.of("name", name)).toList();
  }

  /**
   * {@code [{name, metric, below, above, relative, conditions: {sweep: [index]}}]}: conditions that
   * have the same level are named together.
   */
  static List<Object> levels(Plan plan) {
    Map<Map<String, Object>, Map<String, Set<Integer>>> places = new LinkedHashMap<>();
    for (Assignment a : plan.assignments()) {
      a.condition()
          .config()
          .measurement()
          .thresholds()
          .forEach(
              (name, threshold) ->
                  places
                      .computeIfAbsent(level(name, threshold), l -> new LinkedHashMap<>())
                      .computeIfAbsent(a.condition().sweep(), s -> new TreeSet<>())
                      .add(a.index()));
    }
    List<Object> out = new ArrayList<>();
    places.forEach((level, conditions) -> out.add(at(level, conditions)));
    return List.copyOf(out);
  }

  /** An entry with the conditions in which it holds. */
  static Map<String, Object> at(Map<String, Object> entry, Map<String, Set<Integer>> conditions) {
    Map<String, Object> where = new LinkedHashMap<>();
    conditions.forEach((sweep, indices) -> where.put(sweep, List.copyOf(indices)));
    Map<String, Object> out = new LinkedHashMap<>(entry);
    out.put("conditions", where);
    return out;
  }

  private static Map<String, Object> level(String name, Threshold t) {
    return Trees.of(
        "name", name,
        "metric", t.metric(),
        "below", t.below().orElse(null),
        "above", t.above().orElse(null),
        "relative", t.relativeTo() == Relative.INITIAL);
  }
}
