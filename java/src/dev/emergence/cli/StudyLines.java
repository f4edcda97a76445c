package dev.emergence.cli;

import dev.emergence.analysis.HeadSummary;
import dev.emergence.analysis.StudyTable;
import dev.emergence.fit.MeanInterval;
import dev.emergence.spec.Keys;
import dev.emergence.spec.Numeral;
import dev.emergence.study.StudyStanding;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What is said of studies to people. */
final class StudyLines {
  private StudyLines() {}

  /** A line a study: how far it is. */
  static List<String> standings(List<StudyStanding> studies) {
    List<String> out = new ArrayList<>();
    for (StudyStanding s : studies) {
      List<String> parts = new ArrayList<>();
      parts.add(s.done() + " of " + Numeral.count(s.runs(), "run") + " studied");
      if (s.working() > 0) {
        parts.add(s.working() + " at work");
      }
      if (s.open() > s.working()) {
        parts.add(s.open() - s.working() + " to do");
      }
      if (s.waiting() > 0) {
        parts.add(s.waiting() + " not finished");
      }
      s.without().forEach((reason, count) -> parts.add(count + " without rows: " + reason));
      out.add(
          "study "
              + s.name()
              + " ("
              + Keys.kindOf((Record) s.spec())
              + "): "
              + String.join(", ", parts));
    }
    return out;
  }

  /** The same for programs. */
  static List<Object> tree(List<StudyStanding> studies) {
    List<Object> out = new ArrayList<>();
    for (StudyStanding s : studies) {
      out.add(
          Map.of(
              "study",
              s.name(),
              "kind",
              Keys.kindOf((Record) s.spec()),
              "runs",
              s.runs(),
              "done",
              s.done(),
              "open",
              s.open(),
              "working",
              s.working(),
              "without",
              s.without()));
    }
    return out;
  }

  /** What the studies have found, in a few lines each. */
  static void found(Collection<StudyTable> tables, PrintWriter out) {
    for (StudyTable table : tables) {
      out.println(table.name() + ": " + table.spec().metric());
      if (!table.rows().isEmpty() && HeadSummary.fits(table)) {
        HeadSummary.of(table).forEach(line -> out.println("  " + line(line)));
      } else {
        out.println("  " + table.rows().size() + " rows in tables/study-" + table.name() + ".csv");
      }
      table
          .without()
          .forEach(
              (reason, count) ->
                  out.println(
                      "  " + count + (count == 1 ? " lacks" : " lack") + " rows: " + reason));
    }
  }

  private static String line(HeadSummary.Line line) {
    MeanInterval way = line.recovered();
    String share =
        way.count() == 0
            ? ""
            : Numbers.text(", %s of the way", Numbers.value(way.mean()))
                + (line.isOfAll() ? "" : " (" + Numeral.count(way.count(), "run") + ")");
    return Numbers.text(
        "%s, %s: %s %s%s",
        line.group(),
        line.what(),
        Numbers.value(line.effect().mean()),
        interval(line.effect()),
        share);
  }

  private static String interval(MeanInterval of) {
    return of.hasInterval()
        ? Numbers.text(
            "(95 %% interval %s to %s, %d runs)",
            Numbers.value(of.lower()), Numbers.value(of.upper()), of.count())
        : "(" + Numeral.count(of.count(), "run") + ")";
  }
}
