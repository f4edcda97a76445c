package dev.emergence.analysis;

import dev.emergence.fit.MeanInterval;
import dev.emergence.spec.Condition;
import dev.emergence.spec.HeadsClaim.Which;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The table of a study of heads in a few lines: what single heads, several at once and random ones
 * do, over the runs of each condition. A head of one run is not that of another, so single heads
 * are put in order within each run before they are averaged.
 */
public final class HeadSummary {
  private static final double LEVEL = 0.95;

  private HeadSummary() {}

  /**
   * One line.
   *
   * @param group the moment or direction, after the condition where there are several
   * @param heads which are changed
   * @param size how many at once
   * @param unchanged mean over the runs of what is measured with none changed
   * @param effect mean over the runs of what changes, with an interval
   * @param recovered the same as a share of the way to the other model; of no runs where there is
   *     none
   */
  public record Line(
      String group,
      Which heads,
      int size,
      double unchanged,
      MeanInterval effect,
      MeanInterval recovered) {
    /** Which heads are changed, in words. */
    public String what() {
      return heads.words(size);
    }

    /** Whether all runs have a share of the way: none has it whose two models measure the same. */
    public boolean isOfAll() {
      return recovered.count() == effect.count();
    }
  }

  /** Which heads are changed, and how many at once. */
  private record Changed(Which heads, int size) {}

  /** Whether a table is one of heads. */
  public static boolean fits(StudyTable table) {
    return table.rows().stream()
        .allMatch(r -> r.values().containsKey("set") && r.values().containsKey("effect"));
  }

  /** The lines, condition by condition, and of each group by group. */
  public static List<Line> of(StudyTable table) {
    Map<Condition, Map<String, Map<String, List<StudyTable.Row>>>> conditions =
        new LinkedHashMap<>();
    for (StudyTable.Row row : table.rows()) {
      conditions
          .computeIfAbsent(row.run().condition(), c -> new LinkedHashMap<>())
          .computeIfAbsent(group(row), g -> new LinkedHashMap<>())
          .computeIfAbsent(row.run().run(), r -> new ArrayList<>())
          .add(row);
    }
    List<Line> out = new ArrayList<>();
    conditions.forEach(
        (condition, groups) -> {
          String prefix = conditions.size() == 1 ? "" : name(condition, conditions.keySet());
          groups.forEach((group, runs) -> lines(prefix + group, runs.values(), out));
        });
    return out;
  }

  private static String name(Condition condition, Set<Condition> all) {
    boolean sweeps = all.stream().map(Condition::sweep).distinct().count() > 1;
    String own = RatioJudge.name(condition);
    String sweep = sweeps || own.isEmpty() ? condition.sweep() : "";
    return sweep + (sweep.isEmpty() || own.isEmpty() ? "" : ", ") + own + ": ";
  }

  private static String group(StudyTable.Row row) {
    String direction = row.text("direction");
    return direction.isEmpty()
        ? "at " + row.text("at")
        : row.text("from") + " into " + row.text("into");
  }

  private static void lines(String group, Iterable<List<StudyTable.Row>> runs, List<Line> to) {
    Map<Changed, List<Value>> found = new LinkedHashMap<>();
    for (List<StudyTable.Row> run : runs) {
      List<StudyTable.Row> single = ranked(run);
      int count = single.size();
      add(Which.TOP, 1, single.subList(0, Math.min(1, count)), found);
      if (count > 1) {
        add(Which.SECOND, 1, single.subList(1, 2), found);
        add(Which.MEDIAN, 1, single.subList((count - 1) / 2, count / 2 + 1), found);
      }
      // One head at once is the most effective one again.
      sets(run, "top", 2, Which.TOP, found);
      sets(run, "random", 1, Which.RANDOM, found);
      sets(run, "all", 1, Which.ALL, found);
    }
    found.forEach(
        (changed, values) ->
            to.add(
                new Line(
                    group,
                    changed.heads(),
                    changed.size(),
                    values.stream().mapToDouble(Value::unchanged).average().orElse(Double.NaN),
                    mean(values.stream().mapToDouble(Value::effect).toArray()),
                    mean(values.stream().mapToDouble(Value::recovered).toArray()))));
  }

  /** A run's number. */
  private record Value(double unchanged, double effect, double recovered) {}

  private static void sets(
      List<StudyTable.Row> run, String set, int least, Which heads, Map<Changed, List<Value>> to) {
    Map<Integer, List<StudyTable.Row>> bySize = new TreeMap<>();
    run.stream()
        .filter(r -> r.text("set").equals(set) && r.number("size") >= least)
        .forEach(
            r -> bySize.computeIfAbsent((int) r.number("size"), s -> new ArrayList<>()).add(r));
    bySize.forEach((size, rows) -> add(heads, size, rows, to));
  }

  private static void add(
      Which heads, int size, List<StudyTable.Row> rows, Map<Changed, List<Value>> to) {
    if (!rows.isEmpty()) {
      to.computeIfAbsent(new Changed(heads, size), c -> new ArrayList<>())
          .add(new Value(mean(rows, "unchanged"), mean(rows, "effect"), mean(rows, "recovered")));
    }
  }

  private static double mean(List<StudyTable.Row> rows, String column) {
    return rows.stream().mapToDouble(r -> r.number(column)).average().orElse(Double.NaN);
  }

  /** Single heads of a run, the most effective first, as the study ranks them. */
  static List<StudyTable.Row> ranked(List<StudyTable.Row> run) {
    boolean patched = run.stream().anyMatch(r -> !Double.isNaN(r.number("recovered")));
    Comparator<StudyTable.Row> rank =
        patched
            ? Comparator.comparingDouble(r -> -r.number("recovered"))
            : Comparator.comparingDouble(r -> -Math.abs(r.number("effect")));
    return run.stream().filter(r -> r.text("set").equals("single")).sorted(rank).toList();
  }

  private static MeanInterval mean(double[] values) {
    return MeanInterval.of(values, LEVEL);
  }
}
