package dev.emergence.page;

import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.task.Level;
import dev.emergence.task.Replica;
import dev.emergence.task.Tasks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Baselines and floors of the metrics of a plan, as its tasks know them: what perfect knowledge
 * reaches and what ways of guessing score, for the first seed of each condition.
 */
final class LevelData {
  /** What decides the levels of a run; the rest of its configuration does not. */
  private record Decides(
      Object task, Object repetition, Object testSets, Object streams, int seed) {
    static Decides of(RunConfig c, int seed) {
      return new Decides(c.task(), c.repetition(), c.measurement().testSets(), c.streams(), seed);
    }
  }

  /** One level, wherever it holds. */
  private record Line(String metric, String name, double value, String doc) {}

  private LevelData() {}

  /**
   * {@code [{metric, name, value, doc, conditions: {sweep: [index]}}]}: conditions in which a level
   * has the same value are named together. Integrated models have none: their loss is a reduced
   * one.
   */
  static List<Object> of(Plan plan) {
    Map<Decides, List<Line>> known = new HashMap<>();
    Map<Line, Map<String, Set<Integer>>> places = new LinkedHashMap<>();
    Set<List<Object>> seen = new LinkedHashSet<>();
    for (Assignment a : plan.assignments()) {
      RunConfig config = a.condition().config();
      boolean first = seen.add(List.of(a.condition().sweep(), a.index()));
      if (!first || config.architecture().method() == ArchitectureSpec.Method.INTEGRATED) {
        continue;
      }
      for (Line line : known.computeIfAbsent(Decides.of(config, a.seed()), d -> lines(config, d))) {
        places
            .computeIfAbsent(line, l -> new LinkedHashMap<>())
            .computeIfAbsent(a.condition().sweep(), s -> new TreeSet<>())
            .add(a.index());
      }
    }
    List<Object> out = new ArrayList<>();
    places.forEach((line, conditions) -> out.add(tree(line, conditions)));
    return List.copyOf(out);
  }

  private static List<Line> lines(RunConfig config, Decides decides) {
    List<Line> out = new ArrayList<>();
    for (String testSet : config.measurement().testSets().keySet()) {
      for (Level l : Tasks.levels(new Replica(config, decides.seed()), testSet)) {
        out.add(new Line(testSet + "." + l.metric(), l.name(), l.value(), l.doc()));
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
            "doc", line.doc()),
        conditions);
  }
}
