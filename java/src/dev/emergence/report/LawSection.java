package dev.emergence.report;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.FitReport;
import dev.emergence.analysis.Met;
import dev.emergence.fit.FitOptions;
import dev.emergence.fit.FitResult;
import dev.emergence.spec.FitSpec;
import dev.emergence.spec.FitSpec.Expectation;
import dev.emergence.spec.Keys;
import dev.emergence.spec.Numeral;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The fitted laws: parameters with intervals beside published numbers and expectations. A browser
 * puts the chart of a law beside its table.
 */
final class LawSection {
  private LawSection() {}

  static Html of(Analysis analysis) {
    Html out = new Html();
    analysis
        .fits()
        .forEach(
            (name, report) ->
                out.around(
                    "div class=\"law\" data-law=\"" + Html.escape(name) + "\"", one(name, report)));
    return out;
  }

  private static Html one(String name, FitReport report) {
    Html numbers = new Html();
    if (!report.spec().note().isEmpty()) {
      numbers.text("p", report.spec().note());
    }
    if (report.result() instanceof FitResult.Refused refused) {
      numbers.markup(
          "p", Badge.of("not fitted", "bad") + " " + Html.escape(refused.reason()) + ".");
    }
    numbers.table(header(report), rows(report)).text("p class=\"note\"", basis(report));
    Html pair = new Html().markup("div class=\"chart\"", "").around("div", numbers);
    return new Html()
        .text("h3", name)
        .text("p class=\"formula\"", report.spec().formula())
        .around("div class=\"pair\"", pair);
  }

  private static List<String> header(FitReport report) {
    String level =
        report.result() instanceof FitResult.Fitted f
            ? FitOptions.percent(f.interval().level()) + " "
            : "";
    return List.of("parameter", "value", level + "interval", "published", "expected", "");
  }

  private static List<List<String>> rows(FitReport report) {
    Set<String> names = new LinkedHashSet<>();
    if (report.result() instanceof FitResult.Fitted fitted) {
      names.addAll(fitted.parameters().keySet());
      names.add("r2");
    }
    names.addAll(report.spec().published().keySet());
    report.expectations().forEach(met -> names.add(met.name()));
    return names.stream().map(name -> row(name, report)).toList();
  }

  private static List<String> row(String name, FitReport report) {
    String value = "–";
    String interval = "–";
    if (report.result() instanceof FitResult.Fitted fitted) {
      boolean parameter = fitted.parameters().containsKey(name);
      value =
          parameter
              ? Laws.number(fitted.parameter(name).value())
              : name.equals("r2") ? Laws.r2(fitted.r2()) : "–";
      interval = parameter ? Laws.interval(fitted.parameter(name)) : "";
    }
    Double published = report.spec().published().get(name);
    Optional<Met> met =
        report.expectations().stream().filter(m -> m.name().equals(name)).findFirst();
    return List.of(
        label(name),
        number(value),
        number(interval),
        number(
            published == null
                ? ""
                : name.equals("r2") ? String.valueOf(published) : Laws.number(published)),
        Html.escape(met.map(m -> words(m.expectation())).orElse("")),
        met.filter(m -> report.isJudged()).map(m -> Badge.of(m.holds())).orElse(""));
  }

  private static String label(String name) {
    return name.equals("r2")
        ? "R² (of logarithms)"
        : RichHtml.of(dev.emergence.report.chart.RichText.symbol(name));
  }

  private static String number(String text) {
    return "<td class=\"number\">" + Html.escape(text) + "</td>";
  }

  private static String words(Expectation e) {
    List<String> parts = new ArrayList<>();
    e.near()
        .ifPresent(v -> parts.add(Laws.number(v) + " ± " + Laws.number(e.within().orElse(0.0))));
    e.atLeast().ifPresent(v -> parts.add("at least " + v));
    e.atMost().ifPresent(v -> parts.add("at most " + v));
    return String.join(", ", parts);
  }

  /** What the fit rests on. */
  private static String basis(FitReport report) {
    FitSpec spec = report.spec();
    List<String> parts = new ArrayList<>();
    parts.add(Keys.word(spec.method()).replace('_', ' '));
    parts.add(
        Numeral.count(report.result().points(), "point")
            + " ("
            + Keys.word(spec.points()).replace('_', ' ')
            + ")");
    int unreached = report.result().unreached();
    if (unreached > 0) {
      boolean censored = spec.unreachedOrDefault() == FitSpec.Unreached.CENSORED;
      String enter = unreached == 1 ? " enters as censored" : " enter as censored";
      parts.add(Numeral.count(unreached, "unreached run") + (censored ? enter : " left out"));
    }
    parts.addAll(report.leftOut());
    if (report.result() instanceof FitResult.Fitted f) {
      parts.add(
          "residual standard deviation " + Laws.number(f.residualStd()) + " in natural logarithms");
      parts.add(
          "intervals by " + Keys.word(spec.interval().by()) + ", of which there are " + f.units());
    }
    parts.addAll(report.notes());
    return String.join("; ", parts) + ".";
  }
}
