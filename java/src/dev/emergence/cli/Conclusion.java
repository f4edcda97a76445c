package dev.emergence.cli;

import dev.emergence.Results;
import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.ClaimReport;
import dev.emergence.analysis.FitReport;
import dev.emergence.analysis.Met;
import dev.emergence.analysis.State;
import dev.emergence.execute.run.Standing;
import dev.emergence.fit.Estimate;
import dev.emergence.fit.FitOptions;
import dev.emergence.fit.FitResult;
import dev.emergence.spec.FitSpec.Expectation;
import dev.emergence.spec.Numeral;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an experiment's results say: the derived files, and a few lines for the person who asked.
 */
final class Conclusion {
  private Conclusion() {}

  /**
   * Writes tables, fits, claims, plots and the report anew, and prints laws, verdicts and where the
   * report lies.
   */
  static void write(Results results, PrintWriter out, PrintWriter err) throws IOException {
    List<String> warnings = results.write();
    print(results.analysis(), out);
    StudyLines.found(results.studyTables().values(), out);
    warnings.forEach(err::println);
    out.println("report: " + results.report());
  }

  /** What figures and tables leave out, where runs are missing from them. */
  static Optional<String> incomplete(Results results) {
    long stored = results.summary().count(Standing.State.COMPLETE);
    long damaged = results.summary().count(Standing.State.DAMAGED);
    int all = results.summary().standings().size();
    return stored == all
        ? Optional.empty()
        : Optional.of(
            stored
                + " of "
                + all
                + " runs are complete"
                + (damaged > 0 ? ", " + damaged + " damaged" : "")
                + "; figures show what is there");
  }

  /** Prints laws with intervals, the published numbers beside them, and verdicts. */
  static void print(Analysis analysis, PrintWriter out) {
    analysis.notes().forEach(out::println);
    analysis.fits().forEach((name, fit) -> fit(name, fit, out));
    analysis.claims().forEach((name, claim) -> claim(name, claim, out));
  }

  /** Prints a law with its intervals and notes, or why there is none. */
  static void fit(String name, FitReport fit, PrintWriter out) {
    out.println(name + ": " + fit.spec().formula());
    if (fit.result() instanceof FitResult.Fitted law) {
      law.parameters()
          .forEach((parameter, estimate) -> out.println(parameter(parameter, estimate, fit)));
      out.println(
          Numbers.text("  %-12s %s%s", "r2", Numeral.share(law.r2()), published("r2", fit))
              + verdict("r2", fit));
    } else if (fit.result() instanceof FitResult.Refused refused) {
      out.println("  no law: " + refused.reason());
      fit.expectations()
          .forEach(
              met ->
                  out.println(
                      "  "
                          + met.name()
                          + " expected "
                          + words(met.expectation())
                          + verdict(met, fit)));
    }
    out.println("  " + Numeral.count(fit.result().points(), "point") + others(fit));
    fit.notes().forEach(note -> out.println("  " + note));
  }

  private static String parameter(String name, Estimate estimate, FitReport fit) {
    String interval =
        estimate.hasInterval()
            ? Numbers.text(
                "  %s interval %s to %s",
                FitOptions.percent(fit.spec().interval().level()),
                Numbers.value(estimate.lower()),
                Numbers.value(estimate.upper()))
            : "";
    return Numbers.text("  %-12s %s", name, Numbers.value(estimate.value()))
        + interval
        + published(name, fit)
        + verdict(name, fit);
  }

  private static String published(String name, FitReport fit) {
    Double published = fit.spec().published().get(name);
    return published == null ? "" : "  published " + Numbers.value(published);
  }

  private static String verdict(String name, FitReport fit) {
    StringBuilder out = new StringBuilder();
    for (Met met : fit.expectations()) {
      if (met.name().equals(name)) {
        out.append("  expected ").append(words(met.expectation())).append(verdict(met, fit));
      }
    }
    return out.toString();
  }

  private static String verdict(Met met, FitReport fit) {
    if (!fit.isJudged()) {
      int missing = fit.count(State.MISSING);
      return ": not judged, " + missing + (missing == 1 ? " run is" : " runs are") + " missing";
    }
    return met.miss().map(miss -> ": MISSED, " + miss.words()).orElse(": holds");
  }

  private static String words(Expectation expectation) {
    List<String> out = new ArrayList<>();
    expectation
        .near()
        .ifPresent(
            x ->
                out.add(
                    Numbers.value(x) + " ± " + Numbers.value(expectation.within().orElse(0.0))));
    expectation.atLeast().ifPresent(x -> out.add("at least " + Numbers.value(x)));
    expectation.atMost().ifPresent(x -> out.add("at most " + Numbers.value(x)));
    return String.join(", ", out);
  }

  private static String others(FitReport fit) {
    StringBuilder out = new StringBuilder();
    for (Map.Entry<State, Integer> count : new TreeMap<>(fit.counts()).entrySet()) {
      if (count.getKey() != State.REACHED && count.getValue() > 0) {
        out.append("; ").append(count.getValue()).append(' ').append(count.getKey().word());
      }
    }
    return out.toString();
  }

  private static void claim(String name, ClaimReport claim, PrintWriter out) {
    out.println(name + ": " + claim.verdict().word() + ". " + claim.reason());
  }
}
