package dev.emergence.analysis;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs that several conditions of a claim share, such as those that differ in {@code
 * measurement.stop} alone. A run counts once, unless conditions see another number of it.
 */
final class SharedRuns {
  private SharedRuns() {}

  /** All runs of the conditions, each view once whose number no earlier view of the run gave. */
  static List<Observation> of(List<Cell> cells, Function<Observation, Object> number) {
    return distinct(cells.stream().flatMap(cell -> cell.seeds().stream()).toList(), number);
  }

  /** How many runs are not stored as far as one of the conditions asks for. */
  static int missing(List<Cell> cells) {
    return missing(cells.stream().flatMap(cell -> cell.seeds().stream()).toList());
  }

  /** How many of these runs are not stored. */
  static int missing(Collection<Observation> views) {
    List<Observation> missing = views.stream().filter(run -> run.ended().isEmpty()).toList();
    return distinct(missing, run -> "").size();
  }

  /** What a claim reads of a run: whether it is there, and its values. */
  static Object numbers(Observation run, String... columns) {
    List<Optional<Value>> values = List.of(columns).stream().map(run::value).toList();
    return List.of(run.ended().isPresent(), values);
  }

  private static List<Observation> distinct(
      Collection<Observation> views, Function<Observation, Object> number) {
    Map<Object, Observation> first = new LinkedHashMap<>();
    views.forEach(
        run -> first.putIfAbsent(List.of(run.assignment().run(), number.apply(run)), run));
    return List.copyOf(first.values());
  }
}
