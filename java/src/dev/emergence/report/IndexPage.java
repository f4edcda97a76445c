package dev.emergence.report;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.State;
import dev.emergence.page.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One page over many experiments: what each claims, what came out beside what was published,
 * whether it holds, and how long it took. What was not run, or not to its end, is said to be so and
 * judged nowhere.
 */
public final class IndexPage {
  private static final List<String> HEADER =
      List.of("experiment", "claim", "ours", "interval", "published", "verdict", "wall time");

  /**
   * One experiment.
   *
   * @param name its name
   * @param file what it is read from, without folders
   * @param folder of its results, relative to the page, with forward slashes
   * @param analysis of what is stored; empty when nothing is known of it
   * @param seconds wall time of all sessions
   * @param note what went wrong or is missing; empty when nothing is
   * @param failed whether it could not be run
   */
  public record Entry(
      String name,
      String file,
      String folder,
      Optional<Analysis> analysis,
      double seconds,
      String note,
      boolean failed) {

    long planned() {
      return analysis.map(a -> (long) a.runs().size()).orElse(0L);
    }

    long stored() {
      return analysis
          .map(a -> a.runs().stream().filter(o -> o.stored().isPresent()).count())
          .orElse(0L);
    }

    String runs() {
      return stored() + " of " + planned() + " runs";
    }
  }

  private IndexPage() {}

  /** The page. */
  public static String html(String title, List<Entry> entries) {
    Html body = new Html().text("h1", title);
    body.text("p class=\"question\"", summary(entries));
    List<List<String>> rows = new ArrayList<>();
    String last = "";
    for (IndexRows.Row row : IndexRows.of(entries)) {
      boolean again = row.entry().name().equals(last);
      last = row.entry().name();
      rows.add(
          List.of(
              again ? "" : link(row.entry(), Html.escape(row.entry().name())),
              Html.escape(row.claim()),
              number(row.ours()),
              number(row.interval()),
              number(row.published()),
              row.verdict().isEmpty() ? "" : Badge.of(row.verdict(), row.kind()),
              number(again ? "" : wall(row.entry()))));
    }
    body.table(HEADER, rows);
    entries.forEach(entry -> section(entry, body));
    return Document.plain(title, body.toString());
  }

  /** The same table as Markdown, without figures: small enough to be kept beside the files. */
  public static String markdown(String title, List<Entry> entries) {
    StringBuilder out = new StringBuilder("# " + title + "\n\n" + summary(entries) + "\n\n");
    out.append("| ").append(String.join(" | ", HEADER)).append(" |\n");
    out.append("|---".repeat(HEADER.size())).append("|\n");
    String last = "";
    for (IndexRows.Row row : IndexRows.of(entries)) {
      Entry entry = row.entry();
      boolean again = entry.name().equals(last);
      last = entry.name();
      List<String> cells =
          List.of(
              again ? "" : "[" + entry.name() + "](" + entry.file() + ")",
              row.claim(),
              row.ours(),
              row.interval(),
              row.published(),
              row.verdict(),
              again ? "" : wall(entry));
      cells.forEach(cell -> out.append("| ").append(oneLine(cell)).append(' '));
      out.append("|\n");
    }
    return out.toString();
  }

  /** A cell of a table; what is wrong with a file is several lines. */
  private static String oneLine(String cell) {
    return cell.replace("|", "\\|").replaceAll("\\s*\\R\\s*", " ");
  }

  private static String summary(List<Entry> entries) {
    double all = entries.stream().mapToDouble(Entry::seconds).sum();
    long whole = entries.stream().filter(e -> e.planned() > 0 && e.stored() == e.planned()).count();
    return entries.size()
        + " experiments, "
        + whole
        + " of them with every run, "
        + time(all)
        + " of work on this machine.";
  }

  private static String wall(Entry entry) {
    return entry.seconds() == 0 ? "" : time(entry.seconds());
  }

  private static String number(String text) {
    return "<td class=\"number\">" + Html.escape(text) + "</td>";
  }

  private static void section(Entry entry, Html body) {
    body.markup("h2", link(entry, Html.escape(entry.name())));
    if (!entry.note().isEmpty()) {
      body.text("p class=\"note\"", entry.note());
    }
    if (entry.stored() == 0) {
      return;
    }
    Analysis analysis = entry.analysis().orElseThrow();
    body.text("p", analysis.experiment().description());
    body.text("p class=\"note\"", entry.runs() + unreached(analysis) + ".");
    Html figures = new Html();
    analysis
        .experiment()
        .plots()
        .keySet()
        .forEach(
            plot ->
                figures.markup(
                    "figure",
                    "<img width=\"420\" alt=\""
                        + Html.escape(entry.name() + ": " + plot)
                        + "\" src=\""
                        + Html.escape(entry.folder() + "/plots/" + plot + ".svg")
                        + "\"/><figcaption>"
                        + Html.escape(plot)
                        + "</figcaption>"));
    body.around("div class=\"figures\"", figures);
  }

  private static String unreached(Analysis analysis) {
    long unreached =
        analysis.runs().stream()
            .filter(
                o -> o.thresholds().keySet().stream().anyMatch(t -> o.state(t) == State.UNREACHED))
            .count();
    return unreached == 0 ? "" : ", " + unreached + " had not emerged by their end";
  }

  private static String link(Entry entry, String inner) {
    return entry.stored() == 0
        ? inner
        : "<a href=\"" + Html.escape(entry.folder() + "/report.html") + "\">" + inner + "</a>";
  }

  static String time(double seconds) {
    return seconds < 90
        ? Math.round(seconds) + " s"
        : seconds < 5400
            ? Math.round(seconds / 60) + " min"
            : Math.round(seconds / 360) / 10.0 + " h";
  }
}
