package dev.emergence.report;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.ClaimReport;
import dev.emergence.analysis.FitReport;
import dev.emergence.analysis.Met;
import dev.emergence.analysis.Verdict;
import dev.emergence.fit.Estimate;
import dev.emergence.fit.FitResult;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What each experiment claims, a row a number: ours beside the published one, with a verdict. */
final class IndexRows {
  static final String NOT_RUN = "not run";
  static final String UNFINISHED = "not finished";

  /**
   * One number or claim; texts, not markup.
   *
   * @param verdict a word; empty when nothing was expected
   * @param kind how a badge shows it: {@code good}, {@code bad} or {@code open}
   */
  record Row(
      IndexPage.Entry entry,
      String claim,
      String ours,
      String interval,
      String published,
      String verdict,
      String kind) {}

  private IndexRows() {}

  static List<Row> of(List<IndexPage.Entry> entries) {
    List<Row> rows = new ArrayList<>();
    entries.forEach(entry -> rows.addAll(of(entry)));
    return rows;
  }

  private static List<Row> of(IndexPage.Entry entry) {
    if (entry.stored() == 0) {
      boolean begun = entry.seconds() > 0 && !entry.failed();
      String what = begun ? entry.runs() + " have ended" : entry.note();
      String kind = entry.failed() ? "bad" : "open";
      return List.of(new Row(entry, what, "", "", "", begun ? UNFINISHED : NOT_RUN, kind));
    }
    Analysis analysis = entry.analysis().orElseThrow();
    List<Row> rows = new ArrayList<>();
    analysis.fits().forEach((name, fit) -> fit(entry, name, fit, rows));
    analysis.claims().forEach((name, claim) -> rows.add(claim(entry, name, claim)));
    if (rows.isEmpty()) {
      boolean whole = entry.stored() == entry.planned();
      String what = entry.runs() + ", figures only";
      rows.add(new Row(entry, what, "", "", "", whole ? "" : UNFINISHED, "open"));
    }
    return rows;
  }

  private static void fit(IndexPage.Entry entry, String name, FitReport fit, List<Row> rows) {
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
      String verdict =
          !fit.isJudged() ? UNFINISHED : met.map(m -> m.holds() ? "holds" : "fails").orElse("");
      String kind = !fit.isJudged() ? "open" : met.filter(Met::holds).isPresent() ? "good" : "bad";
      rows.add(
          new Row(
              entry,
              name + ": " + number,
              ours.map(e -> value(number, e.value())).orElse("–"),
              ours.map(Laws::interval).orElse("–"),
              published == null ? "" : value(number, published),
              verdict,
              kind));
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

  private static Row claim(IndexPage.Entry entry, String name, ClaimReport claim) {
    boolean open = claim.verdict() == Verdict.UNDECIDED;
    boolean whole = entry.stored() == entry.planned();
    String kind = open ? "open" : claim.verdict() == Verdict.HOLDS ? "good" : "bad";
    String verdict = open ? (whole ? "undecided" : UNFINISHED) : claim.verdict().word();
    return new Row(
        entry,
        name + ": " + claim.reason(),
        claim.judged().words(),
        interval(claim),
        "",
        verdict,
        kind);
  }

  /** Of the number that was judged, where a claim has one. */
  private static String interval(ClaimReport claim) {
    return claim.numbers().get("lower") instanceof Double lower
            && claim.numbers().get("upper") instanceof Double upper
        ? Laws.interval(new Estimate(claim.judged().lower(), lower, upper))
        : "";
  }
}
