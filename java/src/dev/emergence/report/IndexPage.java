package dev.emergence.report;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.ClaimReport;
import dev.emergence.analysis.FitReport;
import dev.emergence.analysis.Met;
import dev.emergence.analysis.Observation;
import dev.emergence.analysis.State;
import dev.emergence.analysis.Verdict;
import dev.emergence.fit.Estimate;
import dev.emergence.fit.FitResult;
import dev.emergence.page.Document;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One page over many experiments: what each claims, what came out beside what was published,
 * whether it holds, and how long it took.
 */
public final class IndexPage {
  /**
   * One experiment.
   *
   * @param name its name
   * @param folder of its results, relative to the page, with forward slashes
   * @param analysis empty when it could not be run
   * @param seconds wall time of all sessions
   * @param note what went wrong or is missing; empty when nothing is
   */
  public record Entry(
      String name, String folder, Optional<Analysis> analysis, double seconds, String note) {}

  private IndexPage() {}

  /** The page. */
  public static String html(String title, List<Entry> entries) {
    Html body = new Html().text("h1", title);
    double all = entries.stream().mapToDouble(Entry::seconds).sum();
    body.text(
        "p class=\"question\"",
        entries.size() + " experiments, " + time(all) + " of work on this machine.");
    List<List<String>> rows = new ArrayList<>();
    entries.forEach(entry -> rows(entry, rows));
    body.table(
        List.of("experiment", "claim", "ours", "interval", "published", "verdict", "wall time"),
        rows);
    entries.forEach(entry -> section(entry, body));
    return Document.plain(title, body.toString());
  }

  private static void rows(Entry entry, List<List<String>> rows) {
    String link = link(entry, Html.escape(entry.name()));
    String wall = "<td class=\"number\">" + Html.escape(time(entry.seconds())) + "</td>";
    if (entry.analysis().isEmpty()) {
      rows.add(
          List.of(
              Html.escape(entry.name()),
              Html.escape(entry.note()),
              "",
              "",
              "",
              Badge.of("not run", "bad"),
              wall));
      return;
    }
    int before = rows.size();
    entry.analysis().get().fits().forEach((name, fit) -> fit(link, name, fit, wall, rows));
    entry
        .analysis()
        .get()
        .claims()
        .forEach((name, claim) -> rows.add(claim(link, name, claim, wall)));
    if (rows.size() == before) {
      String what = stored(entry.analysis().get()) + ", figures only";
      rows.add(List.of(link, Html.escape(what), "", "", "", "", wall));
    }
  }

  private static void fit(
      String link, String name, FitReport fit, String wall, List<List<String>> rows) {
    Set<String> numbers = new LinkedHashSet<>(fit.spec().published().keySet());
    fit.expectations().forEach(met -> numbers.add(met.name()));
    if (fit.result() instanceof FitResult.Fitted fitted && numbers.isEmpty()) {
      numbers.addAll(fitted.parameters().keySet());
    }
    for (String number : numbers) {
      Optional<Met> met =
          fit.expectations().stream().filter(m -> m.name().equals(number)).findFirst();
      Double published = fit.spec().published().get(number);
      Optional<Estimate> ours = ours(fit, number);
      rows.add(
          List.of(
              link,
              Html.escape(name + ": " + number),
              number(ours.map(e -> value(number, e.value())).orElse("–")),
              number(ours.map(Laws::interval).orElse("–")),
              number(published == null ? "" : Laws.number(published)),
              met.map(m -> Badge.of(m.holds())).orElse(""),
              wall));
    }
  }

  private static String value(String name, double value) {
    return name.equals("r2") ? Laws.r2(value) : Laws.number(value);
  }

  private static Optional<Estimate> ours(FitReport fit, String number) {
    if (!(fit.result() instanceof FitResult.Fitted fitted)) {
      return Optional.empty();
    }
    return number.equals("r2")
        ? Optional.of(new Estimate(fitted.r2(), Double.NaN, Double.NaN))
        : Optional.ofNullable(fitted.parameters().get(number));
  }

  private static List<String> claim(String link, String name, ClaimReport claim, String wall) {
    String verdict =
        claim.verdict() == Verdict.UNDECIDED
            ? Badge.of("undecided", "open")
            : Badge.of(claim.verdict());
    return List.of(
        link,
        Html.escape(name + ": " + claim.reason()),
        number(claim.judged().words()),
        "",
        "",
        verdict,
        wall);
  }

  private static String stored(Analysis analysis) {
    List<Observation> runs = analysis.runs();
    long stored = runs.stream().filter(o -> o.stored().isPresent()).count();
    return stored + " of " + runs.size() + " runs";
  }

  private static void section(Entry entry, Html body) {
    body.markup("h2", link(entry, Html.escape(entry.name())));
    if (!entry.note().isEmpty()) {
      body.text("p class=\"note\"", entry.note());
    }
    if (entry.analysis().isEmpty()) {
      return;
    }
    Analysis analysis = entry.analysis().get();
    body.text("p", analysis.experiment().description());
    body.text("p class=\"note\"", stored(analysis) + unreached(analysis) + ".");
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
    return entry.analysis().isEmpty()
        ? inner
        : "<a href=\"" + Html.escape(entry.folder() + "/report.html") + "\">" + inner + "</a>";
  }

  private static String number(String text) {
    return "<td class=\"number\">" + Html.escape(text) + "</td>";
  }

  private static String time(double seconds) {
    return seconds < 90
        ? Math.round(seconds) + " s"
        : seconds < 5400
            ? Math.round(seconds / 60) + " min"
            : Math.round(seconds / 360) / 10.0 + " h";
  }
}
