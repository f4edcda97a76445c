package dev.emergence.analysis;

import dev.emergence.analysis.TimesTable.Row;
import dev.emergence.analysis.TimesTable.Unusable;
import dev.emergence.result.Curve;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Curves from tables, whoever wrote them: a row for each evaluation of each run. A metric has a
 * column of its own, or its name stands in a column {@code metric} and its value in a column {@code
 * value}, as in the {@code curves.csv} of every results folder.
 */
public final class CurveTables {
  private static final List<String> LONG = List.of("metric", "value");

  private final List<TimesTable> tables;
  private final Columns columns;
  private final Map<List<String>, Found> found = new LinkedHashMap<>();

  /**
   * What to read.
   *
   * @param step the column with steps; empty: the usual one
   * @param run columns whose values tell runs apart; empty: the column {@code run} where there is
   *     one. Runs of different tables are different.
   */
  public record Columns(Optional<String> step, List<String> run, String metric) {
    /** What programs call steps. */
    private static final List<String> STEPS = List.of("step", "Step", "_step", "global_step");
  }

  /**
   * A run.
   *
   * @param name what tells it from the others
   * @param settings columns that have no two values in a run; blank where it has none
   * @param curve its metric
   */
  public record Run(String name, Map<String, String> settings, Curve curve) {}

  /** Rows of one run. */
  private static final class Found {
    private final Map<String, Set<String>> cells = new LinkedHashMap<>();
    private final TreeMap<Double, Double> values = new TreeMap<>();
    private final Map<Double, Integer> rows = new HashMap<>();

    /** Of what stands in a column two different values tell enough. */
    private void see(String column, String cell) {
      Set<String> seen = cells.computeIfAbsent(column, c -> new HashSet<>());
      if (seen.size() < 2) {
        seen.add(cell);
      }
    }
  }

  private CurveTables(List<TimesTable> tables, Columns columns) {
    this.tables = tables;
    this.columns = columns;
  }

  /**
   * Reads runs in the order in which they come. Rows of a run may come in any order. A row whose
   * metric is blank is no evaluation of it; a word such as NaN is one without a number.
   *
   * @throws Unusable when columns are missing, or one step of a run stands twice
   */
  public static List<Run> read(List<TimesTable> tables, Columns columns) {
    CurveTables reader = new CurveTables(tables, columns);
    tables.forEach(reader::readNamed);
    return reader.runs();
  }

  /** Of several tables, a row alone would say too little. */
  private void readNamed(TimesTable table) {
    try {
      read(table);
    } catch (Unusable e) {
      boolean ofRow = tables.size() > 1 && e.getMessage().startsWith("row ");
      throw ofRow ? new Unusable(table.name() + ", " + e.getMessage()) : e;
    }
  }

  private void read(TimesTable table) {
    String step = step(table);
    List<String> run = run(table);
    Optional<String> own = table.column(columns.metric());
    boolean names = own.isEmpty();
    if (names) {
      requireNamed(table);
    }
    String value = own.orElse("value");
    Set<String> measured = new LinkedHashSet<>(List.of(step, value));
    if (names) {
      measured.add("metric");
    }
    for (Row row : table.rows()) {
      Found at = found.computeIfAbsent(key(table, row, run), k -> new Found());
      for (String column : table.columns()) {
        if (!measured.contains(column)) {
          row.text(column).ifPresent(cell -> at.see(column, cell));
        }
      }
      boolean asked = !names || row.text("metric").equals(Optional.of(columns.metric()));
      if (asked && row.text(value).isPresent()) {
        add(at, table, row, step, value);
      }
    }
  }

  private void add(Found at, TimesTable table, Row row, String step, String value) {
    double when =
        row.number(step)
            .orElseThrow(() -> new Unusable("row " + row.number() + ": nothing stands in " + step));
    Integer before = at.rows.putIfAbsent(when, row.number());
    if (before != null) {
      throw new Unusable(
          "row "
              + row.number()
              + ": step "
              + Csv.number(when)
              + " is that of row "
              + before
              + ", too; if they are of two runs, name the columns that tell runs apart by --run;"
              + " columns: "
              + table.listed());
    }
    at.values.put(when, row.number(value).orElse(Double.NaN));
  }

  private String step(TimesTable table) {
    if (columns.step().isPresent()) {
      return named(table, "--step", columns.step().get());
    }
    return Columns.STEPS.stream()
        .filter(table.columns()::contains)
        .findFirst()
        .orElseThrow(
            () ->
                new Unusable(
                    table.name()
                        + " has no column step; name the one with steps by --step; columns: "
                        + table.listed()));
  }

  private List<String> run(TimesTable table) {
    if (columns.run().isEmpty()) {
      return table.columns().contains("run") ? List.of("run") : List.of();
    }
    return columns.run().stream().map(column -> named(table, "--run", column)).toList();
  }

  private static String named(TimesTable table, String option, String column) {
    return table
        .column(column)
        .orElseThrow(
            () ->
                new Unusable(
                    option
                        + " names the column "
                        + column
                        + ", which is not in "
                        + table.name()
                        + "; columns: "
                        + table.listed()));
  }

  /** A metric without a column of its own is a name in the column of metrics. */
  private void requireNamed(TimesTable table) {
    Set<String> names = new LinkedHashSet<>();
    boolean has = table.columns().containsAll(LONG);
    if (has) {
      table.rows().forEach(row -> row.text("metric").ifPresent(names::add));
    }
    if (!names.contains(columns.metric())) {
      String known = has ? "metrics: " + String.join(", ", names) : "columns: " + table.listed();
      throw new Unusable(table.name() + " has no metric " + columns.metric() + "; " + known);
    }
  }

  /** The table where there are several or where nothing else tells, then the run's own columns. */
  private List<String> key(TimesTable table, Row row, List<String> run) {
    List<String> key = new ArrayList<>();
    if (tables.size() > 1 || run.isEmpty()) {
      key.add(table.name());
    }
    run.forEach(column -> key.add(row.text(column).orElse("")));
    return key;
  }

  private List<Run> runs() {
    Set<String> settings = new LinkedHashSet<>();
    found.values().forEach(run -> settings.addAll(run.cells.keySet()));
    settings.remove(CurveTimes.FIXED.get(0));
    settings.stream()
        .filter(CurveTimes.FIXED::contains)
        .findFirst()
        .ifPresent(
            column -> {
              throw new Unusable(
                  "the table of times has a column " + column + " of its own; rename yours");
            });
    found
        .values()
        .forEach(run -> settings.removeIf(c -> run.cells.getOrDefault(c, Set.of()).size() > 1));
    List<Run> out = new ArrayList<>();
    found.forEach(
        (key, run) -> {
          Map<String, String> values = new LinkedHashMap<>();
          settings.forEach(c -> values.put(c, only(run.cells.get(c))));
          out.add(new Run(String.join(" ", key), values, curve(run)));
        });
    return out;
  }

  private static String only(Set<String> cells) {
    return cells == null ? "" : cells.iterator().next();
  }

  private Curve curve(Found run) {
    double[] steps = run.values.keySet().stream().mapToDouble(Double::doubleValue).toArray();
    double[][] values =
        run.values.values().stream().map(v -> new double[] {v}).toArray(double[][]::new);
    return new Curve(List.of(columns.metric()), steps, values);
  }
}
