package dev.emergence.report;

import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Observation;
import dev.emergence.spec.expr.Symbols;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Seeds that a figure tells apart, because a colour, an axis or a panel stands for each. */
final class Seeds {
  private Seeds() {}

  /** Whether one of the settings by which a figure tells runs apart is the seed. */
  @SafeVarargs
  static boolean areApart(Optional<String>... settings) {
    return Stream.of(settings).anyMatch(Optional.of(Symbols.SEED)::equals);
  }

  /** A condition for each seed: none of them stands for the others. */
  static List<Cell> apart(List<Cell> cells) {
    List<Cell> out = new ArrayList<>();
    for (Cell cell : cells) {
      cell.seeds().forEach(run -> out.add(new Cell(cell.condition(), cell.index(), List.of(run))));
    }
    return out;
  }

  /** The conditions as they were before {@link #apart}. */
  static List<Cell> together(List<Cell> cells) {
    Map<Object, List<Observation>> runs = new LinkedHashMap<>();
    Map<Object, Cell> conditions = new LinkedHashMap<>();
    for (Cell cell : cells) {
      Object key = List.of(cell.condition().sweep(), cell.index());
      conditions.putIfAbsent(key, cell);
      runs.computeIfAbsent(key, k -> new ArrayList<>()).addAll(cell.seeds());
    }
    return conditions.entrySet().stream()
        .map(e -> new Cell(e.getValue().condition(), e.getValue().index(), runs.get(e.getKey())))
        .toList();
  }

  /** The columns of a condition in a table, with its seed where it stands for one. */
  static Map<String, Object> columns(Cell cell, boolean apart) {
    Map<String, Object> out = new LinkedHashMap<>(PlotContext.columns(cell));
    if (apart) {
      out.put("seed", cell.seeds().get(0).seed());
    }
    return out;
  }
}
