package dev.emergence.plan;

import dev.emergence.spec.RunConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Planned runs as a tree for another process, and back, so that it need not plan anew. What several
 * runs share, configurations and demands, is written once.
 */
public final class PlannedRuns {
  private PlannedRuns() {}

  /** All of some runs. */
  public static Map<String, Object> tree(List<PlannedRun> runs) {
    Numbered<RunConfig> configs = new Numbered<>();
    Numbered<Demand> demands = new Numbered<>();
    List<Object> list = new ArrayList<>();
    for (PlannedRun run : runs) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("id", run.id());
      one.put("seed", run.run().seed());
      one.put("config", configs.number(run.run().config()));
      one.put("demands", run.demands().stream().map(demands::number).toList());
      list.add(one);
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("configs", configs.list(SpecTree::of));
    tree.put("demands", demands.list(SpecTree::of));
    tree.put("runs", list);
    return tree;
  }

  /**
   * The runs of a tree.
   *
   * @throws IllegalArgumentException naming what is missing or unknown
   */
  public static List<PlannedRun> read(Map<String, Object> tree) {
    List<RunConfig> configs =
        mappings(tree, "configs").stream().map(c -> SpecTree.read(RunConfig.class, c)).toList();
    List<Demand> demands =
        mappings(tree, "demands").stream().map(d -> SpecTree.read(Demand.class, d)).toList();
    return mappings(tree, "runs").stream().map(run -> read(run, configs, demands)).toList();
  }

  private static PlannedRun read(
      Map<String, Object> tree, List<RunConfig> configs, List<Demand> demands) {
    RunConfig config = configs.get(integer(tree.get("config")));
    List<Demand> asked =
        ((List<?>) tree.get("demands")).stream().map(n -> demands.get(integer(n))).toList();
    Run run = new Run((String) tree.get("id"), config, integer(tree.get("seed")));
    return new PlannedRun(run, asked, Cost.of(config, asked));
  }

  private static int integer(Object number) {
    return ((Number) number).intValue();
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> mappings(Map<String, Object> tree, String key) {
    if (tree.get(key) instanceof List<?> list) {
      return (List<Map<String, Object>>) list;
    }
    throw new IllegalArgumentException("planned runs have no list of " + key);
  }

  /** Values by the order in which they are met first. */
  private static final class Numbered<T> {
    private final Map<T, Integer> numbers = new LinkedHashMap<>();

    int number(T value) {
      return numbers.computeIfAbsent(value, v -> numbers.size());
    }

    List<Object> list(Function<T, Object> as) {
      return numbers.keySet().stream().map(as).toList();
    }
  }
}
