package dev.emergence.plan;

import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.RunConfig;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration of a run that several conditions share: equal in what decides the result, and
 * of the rest the most that anyone asks for: the largest {@code max_steps} and {@code max_time},
 * all thresholds (one of a name that is taken gets a number), all pictures, and the stop only where
 * all have the same.
 */
final class Shared {
  private Shared() {}

  static RunConfig merge(List<RunConfig> sharers) {
    List<RunConfig> distinct = sharers.stream().distinct().toList();
    if (distinct.size() == 1) {
      return distinct.get(0);
    }
    List<Map<String, Object>> trees = distinct.stream().map(SpecTree::of).toList();
    Map<String, Object> merged = trees.get(0);
    Map<String, Object> training = inner(merged, "training");
    training.put(
        "max_steps", distinct.stream().mapToLong(c -> c.training().maxSteps()).max().orElseThrow());
    training.put(
        "max_time", distinct.stream().mapToDouble(c -> c.training().maxTime()).max().orElseThrow());
    Map<String, Object> measurement = inner(merged, "measurement");
    boolean sameStop = distinct.stream().map(Shared::stop).distinct().count() == 1;
    if (!sameStop) {
      inner(measurement, "stop").put("when", null);
      inner(measurement, "stop").remove("and");
      inner(measurement, "stop").put("never", true);
    }
    measurement.put("thresholds", thresholds(trees));
    Set<Object> pictures = new LinkedHashSet<>();
    trees.forEach(
        tree ->
            pictures.addAll(
                (List<?>) inner(inner(tree, "measurement"), "attention").get("pictures_at")));
    inner(measurement, "attention").put("pictures_at", List.copyOf(pictures));
    inner(measurement, "attention").put("film", film(trees));
    checkpoints(distinct).ifPresent(all -> measurement.put("checkpoints_at", SpecTree.of(all)));
    return SpecTree.read(RunConfig.class, merged);
  }

  private static Map<String, Object> thresholds(List<Map<String, Object>> trees) {
    Map<String, Object> out = new LinkedHashMap<>();
    for (Map<String, Object> tree : trees) {
      inner(inner(tree, "measurement"), "thresholds")
          .forEach((name, threshold) -> out.put(freeName(name, threshold, out), threshold));
    }
    return out;
  }

  /** The longest film that anyone asks for; null when nobody does. */
  private static Object film(List<Map<String, Object>> trees) {
    return trees.stream()
        .map(tree -> inner(inner(tree, "measurement"), "attention").get("film"))
        .filter(film -> film instanceof Map)
        .max(
            Comparator.comparingInt(film -> ((Number) ((Map<?, ?>) film).get("frames")).intValue()))
        .orElse(null);
  }

  /**
   * Every list of moments, and the closest spacing. Each sharer's own are kept by its demand; this
   * is what the run's file says.
   */
  private static Optional<MeasurementSpec.Checkpoints> checkpoints(List<RunConfig> sharers) {
    List<MeasurementSpec.Checkpoints> all =
        sharers.stream().map(c -> c.measurement().checkpointsAt()).toList();
    List<String> at = all.stream().flatMap(c -> c.at().stream()).distinct().toList();
    long every =
        all.stream()
            .mapToLong(MeasurementSpec.Checkpoints::every)
            .filter(n -> n > 0)
            .min()
            .orElse(0);
    return Optional.of(new MeasurementSpec.Checkpoints(at, every))
        .filter(MeasurementSpec.Checkpoints::any);
  }

  private static String freeName(String name, Object threshold, Map<String, Object> taken) {
    String free = name;
    for (int n = 2; taken.containsKey(free) && !taken.get(free).equals(threshold); n++) {
      free = name + "_" + n;
    }
    return free;
  }

  /** The stop with the thresholds it speaks of, as a value to compare. */
  private static List<Object> stop(RunConfig config) {
    MeasurementSpec.Stop stop = config.measurement().stop();
    return List.of(
        stop, stop.thresholds().stream().map(config.measurement().thresholds()::get).toList());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> inner(Map<String, Object> tree, String key) {
    return (Map<String, Object>) tree.get(key);
  }
}
