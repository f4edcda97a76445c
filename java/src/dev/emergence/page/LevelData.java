package dev.emergence.page;

import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.PluginFailure;
import dev.emergence.task.KnownLevels;
import dev.emergence.task.Level;
import dev.emergence.task.Replica;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Baselines and floors of the metrics of a plan, as its tasks know them: what perfect knowledge
 * reaches and what ways of guessing score. Where a value differs between the first two seeds of a
 * condition it is that of the first one, and says so.
 */
final class LevelData {
  /** One level, wherever it holds; with its seed where others have another value. */
  private record Line(
      String metric, String name, double value, String doc, Optional<Integer> seed) {
    Line only(int one) {
      return new Line(metric, name, value, doc, Optional.of(one));
    }
  }

  private LevelData() {}

  /**
   * {@code [{metric, name, value, doc, seed, conditions: {sweep: [index]}}]}: conditions in which a
   * level has the same value are named together. Integrated models have none: their loss is a
   * reduced one.
   *
   * @param known levels that others have asked for already
   */
  static List<Object> of(Plan plan, KnownLevels known) {
    Map<Line, Map<String, Set<Integer>>> places = new LinkedHashMap<>();
    for (List<Assignment> seeds : conditions(plan)) {
      Assignment a = seeds.get(0);
      List<Line> first = lines(a, known);
      List<Line> next = lines(seeds.get(Math.min(1, seeds.size() - 1)), known);
      for (Line line : first) {
        places
            .computeIfAbsent(
                next.contains(line) ? line : line.only(a.seed()), l -> new LinkedHashMap<>())
            .computeIfAbsent(a.condition().sweep(), s -> new TreeSet<>())
            .add(a.index());
      }
    }
    List<Object> out = new ArrayList<>();
    places.forEach((line, conditions) -> out.add(tree(line, conditions)));
    return List.copyOf(out);
  }

  /** The runs of each condition whose model is trained. */
  private static Collection<List<Assignment>> conditions(Plan plan) {
    Map<List<Object>, List<Assignment>> out = new LinkedHashMap<>();
    for (Assignment a : plan.assignments()) {
      if (a.condition().config().architecture().method() != ArchitectureSpec.Method.INTEGRATED) {
        List<Object> condition = List.of(a.condition().sweep(), a.index());
        out.computeIfAbsent(condition, c -> new ArrayList<>()).add(a);
      }
    }
    return out.values();
  }

  private static List<Line> lines(Assignment a, KnownLevels known) {
    try {
      return lines(new Replica(a.own().config(), a.own().seed()), known);
    } catch (PluginFailure e) {
      // The report does without the lines; its figures say why.
      return List.of();
    }
  }

  private static List<Line> lines(Replica replica, KnownLevels known) {
    List<Line> out = new ArrayList<>();
    for (String testSet : replica.config().measurement().testSets().keySet()) {
      for (Level l : known.of(replica, testSet)) {
        String metric = testSet + "." + l.metric();
        out.add(new Line(metric, l.name(), l.value(), l.doc(), Optional.empty()));
      }
    }
    return out;
  }

  private static Map<String, Object> tree(Line line, Map<String, Set<Integer>> conditions) {
    return ThresholdData.at(
        Trees.of(
            "metric", line.metric(),
            "name", line.name(),
            "value", line.value(),
            "doc", line.doc(),
            "seed", line.seed().orElse(null)),
        conditions);
  }
}
