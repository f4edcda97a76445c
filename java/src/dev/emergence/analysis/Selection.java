package dev.emergence.analysis;

import dev.emergence.spec.Condition;
import dev.emergence.spec.SweepSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A sweep's {@code select}: for each setting of the other axes the condition that does best by its
 * mean over seeds. Axes that go with the one of {@code select} in a zip are chosen with it.
 *
 * <p>A condition with more seeds whose value is unknown (unreached, diverged, failed, missing)
 * never wins over one with fewer, because its mean would be of the lucky seeds only; equal means go
 * to the earlier condition, which a note says.
 *
 * @param kept the winners, in file order
 * @param groups for each of them the conditions that it was chosen among; empty without select
 * @param notes what a reader should know, a sentence each
 */
record Selection(List<Cell> kept, List<List<Cell>> groups, List<String> notes) {

  static Selection of(SweepSpec sweep, List<Cell> cells) {
    if (sweep.select().isEmpty()) {
      return new Selection(cells, List.of(), List.of());
    }
    SweepSpec.Select select = sweep.select().get();
    Map<List<Object>, List<Cell>> best = new LinkedHashMap<>();
    Map<List<Object>, List<Cell>> groups = new LinkedHashMap<>();
    for (Cell cell : cells) {
      List<Object> others = others(cell.condition(), sweep.chosen());
      groups.computeIfAbsent(others, k -> new ArrayList<>()).add(cell);
      List<Cell> group = best.computeIfAbsent(others, k -> new ArrayList<>());
      if (!group.isEmpty() && better(cell, group.get(0), select.by())) {
        group.clear();
      }
      if (group.isEmpty() || !better(group.get(0), cell, select.by())) {
        group.add(cell);
      }
    }
    List<Cell> kept = best.values().stream().map(group -> group.get(0)).toList();
    List<List<Cell>> all = List.copyOf(groups.values());
    List<List<Cell>> tied =
        best.values().stream().filter(group -> tied(group, select.by())).toList();
    return new Selection(kept, all, new SelectionNotes(sweep, select).of(kept, all, tied));
  }

  /** Runs of a group that are missing. */
  static Stream<String> missing(List<Cell> group) {
    return group.stream()
        .flatMap(cell -> cell.seeds().stream())
        .filter(run -> run.ended().isEmpty())
        .map(run -> run.assignment().run());
  }

  /**
   * Runs that are missing of the conditions among which those that are left were chosen: all seeds,
   * because a choice is by the mean of all.
   *
   * @param where holds for these groups; says nothing of the axis along which is chosen
   */
  Set<String> missing(Where where) {
    return groups.stream()
        .filter(group -> where.matches(group.get(0).condition()))
        .flatMap(Selection::missing)
        .collect(Collectors.toSet());
  }

  private static boolean tied(List<Cell> equals, SweepSpec.By by) {
    return equals.size() > 1 && equals.get(0).summary(by.mean()).known() > 0;
  }

  /** The group of a condition: all its swept values but those that are chosen. */
  private static List<Object> others(Condition condition, Set<String> chosen) {
    List<Object> key = new ArrayList<>();
    key.add(condition.variant());
    condition
        .values()
        .forEach(
            (path, value) -> {
              if (!chosen.contains(path)) {
                key.add(path);
                key.add(value);
              }
            });
    return key;
  }

  /** Whether {@code a} is chosen before {@code b}; two without a known value are equally good. */
  private static boolean better(Cell a, Cell b, SweepSpec.By by) {
    Summary left = a.summary(by.mean());
    Summary right = b.summary(by.mean());
    if (left.known() != right.known()) {
      return left.known() > right.known();
    }
    return by.goal() == SweepSpec.Goal.MINIMIZE
        ? left.mean() < right.mean()
        : left.mean() > right.mean();
  }
}
