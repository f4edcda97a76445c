package dev.emergence.analysis;

import dev.emergence.plan.Assignment;
import dev.emergence.plan.RunId;
import dev.emergence.result.Disk;
import dev.emergence.spec.StudySpec;
import dev.emergence.spec.expr.Paths;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a study has found in all its runs: {@code tables/study-NAME.csv}.
 *
 * @param name the study's
 * @param rows of all runs, in the order of the file
 * @param lacks runs that lack rows, all or those of a moment
 */
public record StudyTable(String name, StudySpec spec, List<Row> rows, List<Lack> lacks) {

  /**
   * One row.
   *
   * @param run that it is about
   * @param values by column
   */
  public record Row(Assignment run, Map<String, Object> values) {
    /** A number; NaN where there is none. */
    public double number(String column) {
      return values.get(column) instanceof Number n ? n.doubleValue() : Double.NaN;
    }

    /** A text; empty where there is none. */
    public String text(String column) {
      Object value = values.get(column);
      return value == null ? "" : value.toString();
    }
  }

  /**
   * A run that lacks rows.
   *
   * @param run that lacks them
   * @param reason in words
   * @param open whether it may still have them: it is not studied yet
   */
  public record Lack(Assignment run, String reason, boolean open) {}

  /** How many runs lack rows, by the reason. */
  public Map<String, Integer> without() {
    Map<String, Integer> out = new LinkedHashMap<>();
    lacks.forEach(lack -> out.merge(lack.reason(), 1, Integer::sum));
    return out;
  }

  /** The table of some runs, and of these some rows. */
  StudyTable only(Predicate<Assignment> run, Predicate<Row> row) {
    return new StudyTable(
        name,
        spec,
        rows.stream().filter(r -> run.test(r.run())).filter(row).toList(),
        lacks.stream().filter(lack -> run.test(lack.run())).toList());
  }

  /** The file's content. */
  public Disk.Content csv() {
    Set<String> paths = new LinkedHashSet<>();
    Set<String> columns = new LinkedHashSet<>();
    for (Row row : rows) {
      paths.addAll(row.run().condition().values().keySet());
      columns.addAll(row.values().keySet());
    }
    boolean variants = rows.stream().anyMatch(r -> !r.run().condition().variant().isEmpty());
    return out -> {
      out.write(line(header(variants, paths, columns)));
      for (Row row : rows) {
        out.write(line(cells(row, variants, paths, columns)));
      }
    };
  }

  private static byte[] line(List<?> cells) {
    return Csv.line(cells).getBytes(StandardCharsets.UTF_8);
  }

  private static List<Object> header(boolean variants, Set<String> paths, Set<String> columns) {
    List<Object> header = new ArrayList<>(List.of("run", "sweep", "condition", "seed"));
    if (variants) {
      header.add("variant");
    }
    header.addAll(paths);
    header.addAll(columns);
    return header;
  }

  private static List<Object> cells(
      Row row, boolean variants, Set<String> paths, Set<String> columns) {
    Assignment run = row.run();
    List<Object> cells = new ArrayList<>();
    cells.add(RunId.label(run.run()));
    cells.add(run.condition().sweep());
    cells.add(run.index());
    cells.add(run.seed());
    if (variants) {
      cells.add(run.condition().variant());
    }
    paths.forEach(path -> cells.add(Paths.value(run.condition().config(), path).orElse(null)));
    columns.forEach(column -> cells.add(row.values().get(column)));
    return cells;
  }

  /** Rows that have the same texts in some columns, by these, in the order of their first. */
  public Map<List<String>, List<Row>> by(String... columns) {
    Map<List<String>, List<Row>> out = new LinkedHashMap<>();
    for (Row row : rows) {
      List<String> key = new ArrayList<>();
      for (String column : columns) {
        key.add(row.text(column));
      }
      out.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
    }
    return out;
  }
}
