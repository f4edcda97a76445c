package dev.emergence.report;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.ClaimReport;
import dev.emergence.analysis.Csv;
import dev.emergence.analysis.Met;
import dev.emergence.analysis.Observation;
import dev.emergence.analysis.StudyTable;
import dev.emergence.analysis.Verdict;
import dev.emergence.page.Document;
import dev.emergence.page.ReportData;
import dev.emergence.plan.CanonicalJson;
import dev.emergence.plan.SpecTree;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The self-contained report page: nothing in it is loaded from anywhere. What stands here is read
 * without script too; {@link ReportData} adds what a browser explores.
 */
final class Page {
  private final Analysis analysis;
  private final Names names;
  private final Map<String, Sheet> figures;
  private final List<Map<String, Object>> provenances;
  private final String options;
  private final Map<String, StudyTable> studies;

  /**
   * @param options what was put on top of the file on the command line; empty when nothing was
   */
  Page(
      Analysis analysis,
      Map<String, Sheet> figures,
      List<Map<String, Object>> provenances,
      String options,
      Map<String, StudyTable> studies) {
    this.studies = studies;
    this.analysis = analysis;
    this.names = new Names(analysis.symbols());
    this.figures = figures;
    this.provenances = provenances;
    this.options = options;
  }

  /**
   * The whole document.
   *
   * @param data what a browser draws and lets the reader explore
   */
  String html(ReportData data) {
    ExperimentSpec experiment = analysis.experiment();
    Document document = new Document(experiment.name());
    Html head = new Html().text("h1", experiment.name());
    if (!experiment.description().isEmpty()) {
      head.text("p class=\"question\"", experiment.description());
    }
    // Seen without script; the page's own head takes its place.
    Html body = new Html().around("div id=\"plain-head\"", head.raw(summary()));
    List<String> leftOut = data.into(document);
    section(body, "Figures", figures());
    if (!analysis.fits().isEmpty()) {
      // Moved by script to where the page has its charts.
      Html laws = new Html().text("h2 id=\"law-title\"", "Laws");
      body.around(
          "section id=\"law\" aria-labelledby=\"law-title\"",
          laws.raw(LawSection.of(analysis).toString()));
    }
    if (!analysis.claims().isEmpty()) {
      section(body, "Claims", claims());
    }
    if (!studies.isEmpty()) {
      section(body, "Studies", StudySection.of(studies));
    }
    section(body, "Emergence times", new EmergenceSection(analysis, names).html());
    section(body, "Runs that did not emerge", new RunSection(analysis, names).html());
    section(body, "Configuration", configuration());
    section(body, "Provenance", ProvenanceSection.of(provenances));
    leftOut.forEach(sentence -> body.text("p class=\"note\"", sentence + "."));
    return document.with(body.toString()).html(false);
  }

  private static void section(Html body, String title, Html content) {
    body.around("section", new Html().text("h2", title).raw(content.toString()));
  }

  private String summary() {
    List<Observation> runs = analysis.runs();
    long stored = runs.stream().filter(o -> o.stored().isPresent()).count();
    Html out = new Html();
    out.markup("div class=\"tile\"", "<b>" + stored + "</b> of " + runs.size() + " runs stored");
    long bad =
        runs.stream()
            .filter(
                o ->
                    o.stored().isPresent()
                        && o.stored().get().outcome().state()
                            != dev.emergence.result.Outcome.State.COMPLETE)
            .count();
    if (bad > 0) {
      out.markup("div class=\"tile\"", "<b>" + bad + "</b> diverged or failed");
    }
    List<Met> expectations =
        analysis.fits().values().stream().flatMap(f -> f.expectations().stream()).toList();
    if (!expectations.isEmpty()) {
      long met = expectations.stream().filter(Met::holds).count();
      out.markup(
          "div class=\"tile\"",
          "<b>" + met + "</b> of " + expectations.size() + " expectations met");
    }
    if (!analysis.claims().isEmpty()) {
      long held =
          analysis.claims().values().stream().filter(c -> c.verdict() == Verdict.HOLDS).count();
      out.markup(
          "div class=\"tile\"",
          "<b>" + held + "</b> of " + analysis.claims().size() + " claims hold");
    }
    return new Html().around("div class=\"tiles\"", out).toString();
  }

  private Html figures() {
    Html out = new Html();
    figures.forEach(
        (name, figure) -> {
          String caption =
              Html.escape(name)
                  + " <span class=\"note\">"
                  + Html.escape(
                      Keys.kindOf((Record) analysis.experiment().plots().get(name))
                          .replace('_', ' '))
                  + (analysis.experiment().plots().get(name).data().isEmpty() ? "" : " of ")
                  + Html.escape(String.join(", ", analysis.experiment().plots().get(name).data()))
                  + "</span>";
          out.markup("figure", figure.html(name) + "<figcaption>" + caption + "</figcaption>");
        });
    Html all = new Html().around("div class=\"figures\"", out);
    return figures.isEmpty() ? new Html().text("p", "The experiment declares no plots.") : all;
  }

  private Html claims() {
    List<List<String>> rows = new ArrayList<>();
    analysis
        .claims()
        .forEach(
            (name, claim) ->
                rows.add(
                    List.of(
                        Html.escape(name),
                        Html.escape(statement(claim)),
                        Badge.of(claim.verdict()),
                        Html.escape(claim.reason()))));
    return new Html().table(List.of("claim", "statement", "", "evidence"), rows);
  }

  private String statement(ClaimReport claim) {
    if (!(claim.spec() instanceof ClaimSpec.Ratio spec)) {
      return claim.spec().statement();
    }
    List<String> baseline = new ArrayList<>();
    spec.baseline()
        .forEach((name, value) -> baseline.add(names.shortest(name) + " = " + Names.value(value)));
    return Keys.word(spec.ratio())
        + " ratio of "
        + spec.of()
        + " at "
        + String.join(", ", baseline)
        + " to that of another condition of "
        + spec.data();
  }

  /** The common ground of all conditions; what sweeps change is in the tables above. */
  private Html configuration() {
    List<List<String>> rows = new ArrayList<>();
    flatten("", SpecTree.of(analysis.experiment().base()), rows);
    Html table = new Html().table(List.of("key", "value"), rows);
    Html out = new Html();
    if (!options.isEmpty()) {
      out.text("p", "Made with " + options + " on top of the file.");
    }
    return out.markup(
        "details",
        "<summary>All " + rows.size() + " values outside the sweeps</summary>\n" + table);
  }

  private static void flatten(String path, Object value, List<List<String>> rows) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach(
          (key, inner) -> flatten(path.isEmpty() ? key.toString() : path + "." + key, inner, rows));
    } else {
      String text =
          value instanceof String s
              ? s
              : value instanceof Double d ? Csv.number(d) : CanonicalJson.of(value);
      rows.add(List.of("<code>" + Html.escape(path) + "</code>", Html.escape(text)));
    }
  }
}
