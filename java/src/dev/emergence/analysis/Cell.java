package dev.emergence.analysis;

import dev.emergence.spec.Condition;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.RunConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One condition of a sweep with all its seeds.
 *
 * @param index the condition's place in its sweep, from 0
 */
public record Cell(Condition condition, int index, List<Observation> seeds) {
  public Cell {
    seeds = List.copyOf(seeds);
  }

  /**
   * The values of a column over seeds; runs that have none are left out.
   *
   * @throws IllegalArgumentException when the condition has no such column; names those it has
   */
  public List<Value> values(String column) {
    requireKnown(column);
    return seeds.stream().map(o -> o.value(column)).flatMap(java.util.Optional::stream).toList();
  }

  private void requireKnown(String column) {
    RunConfig config = condition.config();
    Set<String> thresholds = config.measurement().thresholds().keySet();
    boolean known =
        Observation.thresholdOf(column).filter(thresholds::contains).isPresent()
            || seeds.stream().anyMatch(o -> o.curve().has(column))
            || Metrics.has(config, column);
    if (!known) {
      List<String> columns = new ArrayList<>();
      thresholds.forEach(name -> columns.add(name + ".steps"));
      columns.addAll(Metrics.of(config));
      throw new IllegalArgumentException(
          "no column '" + column + "'; known: " + String.join(", ", columns));
    }
  }

  /**
   * Mean and spread of a column over seeds.
   *
   * @throws IllegalArgumentException when the condition has no such column; names those it has
   */
  public Summary summary(String column) {
    return Summary.of(values(column), seeds.size());
  }

  /** Seeds whose run is in a state. */
  public int count(String threshold, State state) {
    return (int) seeds.stream().filter(o -> o.state(threshold) == state).count();
  }
}
