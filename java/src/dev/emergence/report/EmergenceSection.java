package dev.emergence.report;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Cell;
import dev.emergence.analysis.Center;
import dev.emergence.analysis.Observation;
import dev.emergence.analysis.Summary;
import dev.emergence.spec.SweepSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When each condition emerged: a table a sweep, a row a condition, mean ± standard deviation over
 * seeds.
 */
final class EmergenceSection {
  private static final int MOST_ROWS = 1000;

  private final Analysis analysis;
  private final Names names;

  EmergenceSection(Analysis analysis, Names names) {
    this.analysis = analysis;
    this.names = names;
  }

  Html html() {
    Html out = new Html();
    for (SweepSpec sweep : analysis.experiment().sweeps().values()) {
      List<Cell> cells = analysis.cells(sweep.name());
      Set<String> thresholds = new LinkedHashSet<>();
      cells.forEach(
          c -> thresholds.addAll(c.condition().config().measurement().thresholds().keySet()));
      out.text("h3", sweep.name());
      if (!cells.isEmpty() && !thresholds.isEmpty()) {
        table(sweep, cells, List.copyOf(thresholds), out);
      } else {
        out.text("p class=\"note\"", "No threshold is declared, so no emergence time is read.");
      }
    }
    analysis.notes().forEach(note -> out.text("p class=\"note\"", note + "."));
    return out;
  }

  private void table(SweepSpec sweep, List<Cell> cells, List<String> thresholds, Html out) {
    boolean variants = cells.stream().anyMatch(c -> !c.condition().variant().isEmpty());
    boolean select = sweep.select().isPresent();
    Set<Integer> kept = select ? kept(sweep) : Set.of();
    // Found once: looking through all conditions for each row takes minutes for 30,000 of them.
    Set<String> withLoss = new HashSet<>(thresholds);
    withLoss.removeIf(threshold -> !showsLoss(cells, threshold));
    String time = Names.times(cells);
    List<String> header = new ArrayList<>();
    if (variants) {
      header.add("variant");
    }
    sweep.axes().keySet().forEach(path -> header.add(names.shortest(path)));
    for (String threshold : thresholds) {
      header.add(threshold + " (" + time + ")");
      header.add("reached");
      if (withLoss.contains(threshold)) {
        header.add(Observation.lossColumn(cells.get(0).condition().config()) + " then");
      }
    }
    if (select) {
      header.add("chosen");
    }
    List<List<String>> rows = new ArrayList<>();
    int shown = Math.min(MOST_ROWS, cells.size());
    for (Cell cell : cells.subList(0, shown)) {
      List<String> row = new ArrayList<>();
      if (variants) {
        row.add(Html.escape(cell.condition().variant()));
      }
      sweep.axes().keySet().forEach(path -> row.add(number(value(cell, path))));
      for (String threshold : thresholds) {
        times(cell, threshold, row);
        if (withLoss.contains(threshold)) {
          row.add(number(Laws.number(loss(cell, threshold))));
        }
      }
      if (select) {
        row.add(kept.contains(cell.index()) ? "✓" : "");
      }
      rows.add(row);
    }
    out.table(header, rows);
    if (shown < cells.size()) {
      String more = cells.size() - shown + " more conditions are in tables/conditions.csv.";
      out.text("p class=\"note\"", more + " \"Runs at a glance\" above shows all of them.");
    }
  }

  /** Conditions that {@code select} has left, by index. */
  private Set<Integer> kept(SweepSpec sweep) {
    return analysis.cells(List.of(sweep.name()), Map.of()).stream()
        .map(Cell::index)
        .collect(Collectors.toSet());
  }

  /** The loss at a crossing is told where the threshold is on something else than losses. */
  private static boolean showsLoss(List<Cell> cells, String threshold) {
    return cells.stream()
            .map(c -> c.condition().config().measurement().thresholds().get(threshold))
            .anyMatch(level -> level != null && !level.metric().contains(".loss"))
        && cells.stream().anyMatch(c -> !Double.isNaN(loss(c, threshold)));
  }

  private static double loss(Cell cell, String threshold) {
    boolean has = cell.condition().config().measurement().thresholds().containsKey(threshold);
    return has ? cell.meanLossAtEmergence(threshold) : Double.NaN;
  }

  private static String value(Cell cell, String path) {
    Object value = cell.condition().values().get(path);
    return value == null ? "" : Names.value(value);
  }

  private static void times(Cell cell, String threshold, List<String> row) {
    if (!cell.condition().config().measurement().thresholds().containsKey(threshold)) {
      row.add("");
      row.add("");
      return;
    }
    Summary s = cell.summary(threshold + ".steps");
    Center center = Center.meanTime(cell, threshold);
    row.add(
        number(
            switch (center.kind()) {
              case ALL -> Laws.mean(s, " ± ");
              case SOME -> Laws.time(center.value()) + " (median)";
              case AT_LEAST -> "> " + Laws.time(center.value());
              case NONE -> "–";
            }));
    row.add(
        "<td class=\""
            + (s.complete() ? "number" : "number lacking")
            + "\">"
            + Html.escape(Center.reached(cell, threshold))
            + "</td>");
  }

  private static String number(String text) {
    return "<td class=\"number\">" + Html.escape(text) + "</td>";
  }
}
