package dev.emergence.cli;

import dev.emergence.analysis.Csv;
import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.spec.RunConfig;
import dev.emergence.theory.Forecast;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What theory and published laws expect of each condition of a plan, before anything is run. */
final class Forecasts {
  private final List<Row> rows = new ArrayList<>();

  private Forecasts() {}

  /** One condition. */
  private record Row(
      String sweep, String condition, RunConfig config, Optional<Forecast> forecast) {
    boolean tooShort() {
      return forecast.isPresent() && forecast.get().exceeds(config);
    }

    double limit() {
      return Forecast.budget(config);
    }
  }

  /** The forecasts of all conditions, in the order of the file. */
  static Forecasts of(Plan plan) {
    Forecasts out = new Forecasts();
    Set<String> seen = new LinkedHashSet<>();
    for (Assignment a : plan.assignments()) {
      String sweep = a.condition().sweep();
      if (seen.add(sweep + "[" + a.index() + "]")) {
        RunConfig config = a.condition().config();
        out.rows.add(new Row(sweep, condition(a), config, Forecast.of(config)));
      }
    }
    return out;
  }

  private static String condition(Assignment a) {
    return (a.condition().variant() + " " + Csv.setting(a.condition().values())).strip();
  }

  /**
   * A table with a limit to run with for each condition; below it the laws, and where the
   * conditions depart from them.
   */
  void print(PrintWriter out) {
    List<String[]> table = new ArrayList<>();
    table.add(
        new String[] {
          "sweep", "condition", "plateau", "unit", "suggested limit", "limit in the file"
        });
    rows.forEach(row -> table.add(cells(row)));
    int[] widths = new int[table.get(0).length];
    for (String[] cells : table) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], cells[c].length());
      }
    }
    for (String[] cells : table) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < widths.length; c++) {
        line.append(cells[c]).append(" ".repeat(widths[c] - cells[c].length() + 2));
      }
      out.println(line.toString().stripTrailing());
    }
    notes().forEach(out::println);
  }

  private static String[] cells(Row row) {
    String limit = Numbers.value(row.limit()) + (row.tooShort() ? " too short" : "");
    return row.forecast()
        .map(
            f ->
                new String[] {
                  row.sweep(),
                  row.condition(),
                  Numbers.value(Math.rint(f.plateau())),
                  f.unit(),
                  Numbers.value(f.suggestedLimit()),
                  limit
                })
        .orElseGet(
            () ->
                new String[] {
                  row.sweep(),
                  row.condition(),
                  "no law is known",
                  "",
                  "",
                  Numbers.value(row.limit())
                });
  }

  private Set<String> notes() {
    Set<String> notes = new LinkedHashSet<>();
    rows.forEach(row -> row.forecast().ifPresent(f -> notes.add("by " + f.law())));
    rows.forEach(
        row ->
            row.forecast()
                .ifPresent(f -> f.caveats().forEach(caveat -> notes.add("note: " + caveat))));
    return notes;
  }

  /**
   * A sentence about the conditions that end before their plateau is expected to; empty when there
   * is none.
   */
  Optional<String> warning() {
    List<Row> cut = rows.stream().filter(Row::tooShort).toList();
    if (cut.isEmpty()) {
      return Optional.empty();
    }
    Row worst = cut.stream().max((a, b) -> Double.compare(share(a), share(b))).orElseThrow();
    Forecast f = worst.forecast().orElseThrow();
    String where = worst.condition().isEmpty() ? "" : " at " + worst.condition();
    return Optional.of(
        Numbers.text(
            "warning: %d of %d conditions are expected to end on their plateau: about %s %s%s, of"
                + " %s; `emergence predict` shows all",
            cut.size(),
            rows.size(),
            Numbers.value(Math.rint(f.plateau())),
            f.unit(),
            where,
            Numbers.value(worst.limit())));
  }

  private static double share(Row row) {
    return row.forecast().orElseThrow().plateau() / row.limit();
  }

  /** The same for programs. */
  List<Map<String, Object>> tree() {
    List<Map<String, Object>> out = new ArrayList<>();
    for (Row row : rows) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("sweep", row.sweep());
      one.put("condition", row.condition());
      one.put("limit", row.limit());
      row.forecast()
          .ifPresent(
              f -> {
                one.put("plateau", f.plateau());
                one.put("unit", f.unit());
                one.put("suggested_limit", f.suggestedLimit());
                one.put("law", f.law());
                one.put("caveats", f.caveats());
              });
      out.add(one);
    }
    return out;
  }
}
