package dev.emergence.report;

import dev.emergence.analysis.HeadSummary;
import dev.emergence.analysis.StudyTable;
import dev.emergence.fit.MeanInterval;
import dev.emergence.spec.Keys;
import dev.emergence.spec.Numeral;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What studies have found: of heads the means over runs, of others the rows themselves. */
final class StudySection {
  private static final int MOST = 60;

  private StudySection() {}

  static Html of(Map<String, StudyTable> tables) {
    Html out = new Html();
    tables.forEach((name, table) -> table(name, table, out));
    return out;
  }

  private static void table(String name, StudyTable table, Html out) {
    out.text("h3", name);
    out.text(
        "p class=\"note\"",
        Keys.kindOf((Record) table.spec()).replace('_', ' ')
            + ", measured by "
            + table.spec().metric()
            + "; every row is in tables/study-"
            + name
            + ".csv.");
    if (!table.rows().isEmpty() && HeadSummary.fits(table)) {
      heads(HeadSummary.of(table), out);
    } else if (!table.rows().isEmpty()) {
      rows(table, out);
    }
    table
        .without()
        .forEach(
            (reason, count) ->
                out.text(
                    "p class=\"note\"",
                    count + (count == 1 ? " run lacks" : " runs lack") + " rows: " + reason + "."));
  }

  private static void heads(List<HeadSummary.Line> lines, Html out) {
    boolean patched = lines.stream().anyMatch(l -> l.recovered().count() > 0);
    List<String> header =
        new ArrayList<>(
            List.of(
                "moment",
                "heads that are changed",
                "unchanged",
                "effect",
                "95 % interval",
                "runs"));
    if (patched) {
      header.add("share of the way");
    }
    List<List<String>> rows = new ArrayList<>();
    for (HeadSummary.Line line : lines) {
      List<String> row = new ArrayList<>();
      row.add(Html.escape(line.group()));
      row.add(Html.escape(line.what()));
      row.add(number(Laws.number(line.unchanged())));
      row.add(number(Laws.number(line.effect().mean())));
      row.add(number(interval(line.effect())));
      row.add(number(String.valueOf(line.effect().count())));
      if (patched) {
        row.add(number(share(line)));
      }
      rows.add(row);
    }
    out.table(header, rows);
    out.text(
        "p class=\"note\"",
        "Means over runs. A head of one run is not that of another, so heads are put in order of"
            + " their effect within each run. The best of many is larger than one chosen beforehand:"
            + " compare it with the median head and the random ones.");
  }

  private static String share(HeadSummary.Line line) {
    MeanInterval way = line.recovered();
    return way.count() == 0
        ? ""
        : Laws.number(way.mean())
            + (line.isOfAll() ? "" : " (" + Numeral.count(way.count(), "run") + ")");
  }

  private static String interval(MeanInterval of) {
    return of.hasInterval() ? Laws.number(of.lower()) + " to " + Laws.number(of.upper()) : "–";
  }

  private static void rows(StudyTable table, Html out) {
    Set<String> columns = new LinkedHashSet<>();
    table.rows().forEach(r -> columns.addAll(r.values().keySet()));
    List<String> header = new ArrayList<>(List.of("sweep", "condition", "seed"));
    header.addAll(columns);
    List<List<String>> rows = new ArrayList<>();
    for (StudyTable.Row row : table.rows().subList(0, Math.min(MOST, table.rows().size()))) {
      List<String> cells = new ArrayList<>();
      cells.add(Html.escape(row.run().condition().sweep()));
      cells.add(number(String.valueOf(row.run().index())));
      cells.add(number(String.valueOf(row.run().seed())));
      for (String column : columns) {
        double value = row.number(column);
        cells.add(Double.isNaN(value) ? Html.escape(row.text(column)) : number(Laws.number(value)));
      }
      rows.add(cells);
    }
    out.table(header, rows);
    if (table.rows().size() > MOST) {
      out.text("p class=\"note\"", "The first " + MOST + " of " + table.rows().size() + " rows.");
    }
  }

  private static String number(String text) {
    return "<td class=\"number\">" + Html.escape(text) + "</td>";
  }
}
