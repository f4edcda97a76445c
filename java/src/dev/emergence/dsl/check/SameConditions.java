package dev.emergence.dsl.check;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Diagnostics;
import dev.emergence.dsl.yaml.Node;
import dev.emergence.dsl.yaml.Place;
import dev.emergence.dsl.yaml.Texts;
import dev.emergence.dsl.yaml.Trees;
import dev.emergence.spec.Condition;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.SweepSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** W210: conditions of a sweep in which nothing differs but their names. */
final class SameConditions {
  private final Diagnostics out;
  private final Node.Mapping tree;

  SameConditions(Diagnostics out, Node.Mapping tree) {
    this.out = out;
    this.tree = tree;
  }

  void sweep(SweepSpec sweep) {
    Map<RunConfig, Condition> known = new HashMap<>();
    Condition first = null;
    Condition second = null;
    int again = 0;
    for (Condition condition : sweep.conditions()) {
      Condition before = known.putIfAbsent(condition.config(), condition);
      if (before != null) {
        again++;
        first = first == null ? before : first;
        second = second == null ? condition : second;
      }
    }
    if (again > 0) {
      int all = sweep.conditions().size();
      report(
          sweep.name(),
          first,
          second,
          " (conditions that repeat others: " + again + " of " + all + ")");
    }
  }

  private void report(String sweep, Condition first, Condition second, String count) {
    String path = "sweeps." + sweep;
    Place place =
        Trees.nearest(
            tree,
            second.variant().isEmpty() ? path : path + ".variants." + second.variant(),
            tree.place());
    out.report(
        place,
        Code.W210,
        "sweep "
            + sweep
            + ": nothing differs between "
            + label(first)
            + " and "
            + label(second)
            + count,
        "take one of them out, or set what should differ");
  }

  private static String label(Condition condition) {
    String values =
        condition.values().entrySet().stream()
            .map(e -> e.getKey() + " " + value(e.getValue()))
            .collect(Collectors.joining(", "));
    String between = condition.variant().isEmpty() || values.isEmpty() ? "" : ", ";
    return condition.variant() + between + values;
  }

  private static String value(Object value) {
    return value instanceof Double number ? Texts.number(number) : value.toString();
  }
}
