package dev.emergence.analysis;

import dev.emergence.spec.Condition;
import java.util.List;
import org.apiguardian.api.API;

/**
 * One condition of a sweep with all its seeds.
 *
 * @param condition the condition
 * @param index its place in the sweep, from 0
 * @param seeds one observation for each seed
 */
@API(status = API.Status.MAINTAINED)
public record Cell(Condition condition, int index, List<Observation> seeds) {
  public Cell {
    seeds = List.copyOf(seeds);
  }

  /**
   * The values of a column, for the seeds that have one.
   *
   * @param column a crossing time such as {@code plateau.steps}, or a metric such as {@code
   *     test.loss}
   * @throws IllegalArgumentException when the condition has no such column; the message lists the
   *     known names
   */
  public List<Value> values(String column) {
    Observation.requireKnown(column, condition.config(), seeds);
    return seeds.stream().map(o -> o.value(column)).flatMap(java.util.Optional::stream).toList();
  }

  /**
   * Mean and spread of a column over the seeds.
   *
   * @param column a crossing time such as {@code plateau.steps}, or a metric such as {@code
   *     test.loss}
   * @throws IllegalArgumentException when the condition has no such column; the message lists the
   *     known names
   */
  public Summary summary(String column) {
    return Summary.of(values(column), seeds.size());
  }

  /**
   * The number of seeds in a state.
   *
   * @throws IllegalArgumentException when the condition has no such threshold; the message lists
   *     the known names
   */
  public int count(String threshold, State state) {
    return (int) seeds.stream().filter(o -> o.state(threshold) == state).count();
  }

  /**
   * Mean time of emergence with unreached seeds counted at their last step, as the second paper's
   * first figure has it: a lower bound. NaN when a seed is missing, diverged or failed.
   *
   * @throws IllegalArgumentException when the condition has no such threshold; names those it has
   */
  public double meanWithUnreachedAtEnd(String threshold) {
    List<Value> values = values(threshold + ".steps");
    boolean all = values.size() == seeds.size();
    return all
        ? values.stream().mapToDouble(Value::number).average().orElse(Double.NaN)
        : Double.NaN;
  }

  /**
   * Mean over the seeds that reached a threshold of the loss that each had then: see {@link
   * Observation#lossAtEmergence}. NaN of none.
   *
   * @throws IllegalArgumentException when the condition has no such threshold; names those it has
   */
  public double meanLossAtEmergence(String threshold) {
    return seeds.stream()
        .mapToDouble(run -> run.lossAtEmergence(threshold))
        .filter(loss -> !Double.isNaN(loss))
        .average()
        .orElse(Double.NaN);
  }
}
