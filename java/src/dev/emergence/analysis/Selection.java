package dev.emergence.analysis;

import dev.emergence.spec.Condition;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.SweepSpec;
import dev.emergence.spec.expr.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    List<String> notes = notes(sweep, select, kept);
    ties(sweep, select, best.values().stream().filter(group -> tied(group, select.by())).toList())
        .ifPresent(notes::add);
    open(sweep, groups.values()).ifPresent(notes::add);
    return new Selection(kept, List.copyOf(groups.values()), notes);
  }

  /** What a reader should know of groups whose choice may change when all runs are there. */
  private static Optional<String> open(SweepSpec sweep, Collection<List<Cell>> groups) {
    long open = groups.stream().filter(group -> missing(group).findAny().isPresent()).count();
    return open == 0
        ? Optional.empty()
        : Optional.of(
            "sweep "
                + sweep.name()
                + ": in "
                + open
                + " of these groups runs are missing, so another value may turn out to be the best");
  }

  private static Stream<String> missing(List<Cell> group) {
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

  /** What a reader should know of groups in which several conditions are equally good. */
  private static Optional<String> ties(
      SweepSpec sweep, SweepSpec.Select select, List<List<Cell>> tied) {
    if (tied.isEmpty()) {
      return Optional.empty();
    }
    List<String> values =
        tied.stream()
            .map(group -> group.stream().map(c -> chosen(c, select)).toList())
            .map(group -> String.join(" and ", group))
            .distinct()
            .toList();
    return Optional.of(
        "sweep "
            + sweep.name()
            + ": in "
            + tied.size()
            + " of these groups several values are equally good ("
            + String.join(", ", values)
            + "), and the first of them in the file is taken");
  }

  private static String chosen(Cell cell, SweepSpec.Select select) {
    Object value = cell.condition().values().get(select.over());
    return value instanceof Number n ? Numeral.setting(n.doubleValue()) : String.valueOf(value);
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

  private static List<String> notes(SweepSpec sweep, SweepSpec.Select select, List<Cell> kept) {
    Map<String, Integer> wins = new LinkedHashMap<>();
    kept.forEach(c -> wins.merge(chosen(c, select), 1, Integer::sum));
    List<String> shares = new ArrayList<>();
    wins.forEach((value, count) -> shares.add(value + " in " + count));
    List<String> notes = new ArrayList<>();
    notes.add(
        "sweep "
            + sweep.name()
            + ": of "
            + kept.size()
            + " groups, "
            + select.over()
            + " is "
            + String.join(", ", shares)
            + " by the mean of "
            + select.by().mean()
            + " over seeds");
    edge(sweep, select, kept).ifPresent(notes::add);
    long partial = kept.stream().filter(c -> !c.summary(select.by().mean()).complete()).count();
    if (partial > 0) {
      notes.add(
          "sweep "
              + sweep.name()
              + ": in "
              + partial
              + " of these groups even the chosen condition has seeds without a value of "
              + select.by().mean());
    }
    return notes;
  }

  /** The best value of an axis may lie beyond its ends where the chosen one is an end. */
  private static Optional<String> edge(SweepSpec sweep, SweepSpec.Select select, List<Cell> kept) {
    double[] axis =
        sweep.axes().getOrDefault(select.over(), List.of()).stream()
            .flatMap(v -> Paths.number(v).stream())
            .mapToDouble(v -> v)
            .toArray();
    if (axis.length < 3) { // Of two values each is an end.
      return Optional.empty();
    }
    double low = Arrays.stream(axis).min().getAsDouble();
    double high = Arrays.stream(axis).max().getAsDouble();
    long atEdge =
        kept.stream()
            .flatMap(c -> Paths.number(c.condition().values().get(select.over())).stream())
            .filter(v -> v == low || v == high)
            .count();
    return atEdge == 0
        ? Optional.empty()
        : Optional.of(
            "sweep "
                + sweep.name()
                + ": in "
                + atEdge
                + " of these groups the choice is an end of the axis ("
                + Numeral.setting(low)
                + " or "
                + Numeral.setting(high)
                + "), so a better value may lie beyond it");
  }
}
