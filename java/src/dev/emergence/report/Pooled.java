package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs of several conditions that make up one number or curve. */
final class Pooled {
  private Pooled() {}

  /**
   * Conditions with each run in one of them alone. Two that end a run at different steps both have
   * it, and the view that goes further stays.
   *
   * @param pool what a run is pooled by; runs of different pools are left alone
   */
  static List<Cell> once(List<Cell> cells, String threshold, Coloring.Key pool) {
    Map<Object, Observation> furthest = new HashMap<>();
    for (Cell cell : cells) {
      for (Observation run : cell.seeds()) {
        furthest.merge(key(cell, run, threshold, pool), run, (a, b) -> b.end() > a.end() ? b : a);
      }
    }
    List<Cell> out = new ArrayList<>();
    for (Cell cell : cells) {
      List<Observation> kept =
          cell.seeds().stream()
              .filter(run -> furthest.get(key(cell, run, threshold, pool)) == run)
              .toList();
      if (!kept.isEmpty()) {
        out.add(new Cell(cell.condition(), cell.index(), kept));
      }
    }
    return out;
  }

  private static Object key(Cell cell, Observation run, String threshold, Coloring.Key pool) {
    return List.of(
        run.assignment().run(),
        Optional.ofNullable(run.thresholds().get(threshold)),
        pool.of(cell, run));
  }
}
