package dev.emergence.analysis;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Puts together conditions that are the same, of several sweeps say, so that each of their runs
 * counts once. Of two views of a run the one that goes further stays.
 */
final class DistinctCells {
  private DistinctCells() {}

  /**
   * @param identity equal of conditions that are the same
   */
  static List<Cell> of(Collection<Cell> cells, Function<Cell, Object> identity) {
    Map<Object, Cell> distinct = new LinkedHashMap<>();
    cells.forEach(cell -> distinct.merge(identity.apply(cell), cell, DistinctCells::together));
    return List.copyOf(distinct.values());
  }

  private static Cell together(Cell a, Cell b) {
    Map<String, Observation> runs = new LinkedHashMap<>();
    a.seeds().forEach(run -> runs.put(run.assignment().run(), run));
    b.seeds().forEach(run -> runs.merge(run.assignment().run(), run, DistinctCells::further));
    return new Cell(a.condition(), a.index(), List.copyOf(runs.values()));
  }

  /** By where they end: of two with one {@code max_steps} a stop may have ended one before. */
  private static Observation further(Observation a, Observation b) {
    return b.end() > a.end() ? b : a;
  }
}
