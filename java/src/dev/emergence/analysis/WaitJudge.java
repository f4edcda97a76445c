package dev.emergence.analysis;

import dev.emergence.fit.Exponentiality;
import dev.emergence.fit.Exponentiality.Wait;
import dev.emergence.measure.Ending;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.Numeral;
import dev.emergence.theory.Trajectory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Judges a claim about the distribution of waiting times. */
final class WaitJudge {
  private static final Value NEVER = new Value(Double.POSITIVE_INFINITY, true);

  private final ClaimSpec.Exponential spec;
  private final OneCondition runs;

  WaitJudge(Analysis analysis, ClaimSpec.Exponential spec) {
    this.spec = spec;
    this.runs = OneCondition.of(analysis, spec.data(), spec.where());
  }

  ClaimReport report() {
    Optional<String> unknown = unknown();
    if (unknown.isPresent()) {
      return runs.open(spec, unknown.get());
    }
    List<Wait> waits = waits();
    Exponentiality test;
    try {
      double after = spec.after().orElse(Double.NaN);
      test = Exponentiality.of(waits, grid(waits), after, spec.resamples());
    } catch (IllegalArgumentException tooFew) {
      return runs.open(spec, tooFew.getMessage() + withoutOthers());
    }
    boolean refuted = test.p() <= spec.level();
    boolean holds = refuted == (spec.expect() == ClaimSpec.Shape.NOT_EXPONENTIAL);
    String reason = reason(test, refuted) + withoutOthers();
    return runs.report(spec, holds, reason, test.p(), numbers(test));
  }

  /** Steps between two looks; of a flow, to what its crossings are located. */
  private double grid(List<Wait> waits) {
    double resolution = Observation.resolution(runs.config());
    double longest = waits.stream().mapToDouble(Wait::time).max().orElse(1);
    return resolution > 0
        ? resolution
        : Trajectory.BRACKET * Math.max(longest, spec.after().orElse(0.0));
  }

  /** Why the test cannot be made; empty when it can. */
  private Optional<String> unknown() {
    long before = runs.passedBefore(spec.threshold());
    if (before > 0 && spec.after().orElse(0.0) == 0) {
      return Optional.of(
          of(before, "had passed %s before training, so how long they waited is not known"));
    }
    long diverged =
        runs.ended().stream()
            .filter(run -> state(run) == State.DIVERGED)
            .filter(run -> run.lastStep() >= spec.after().orElse(0.0))
            .count();
    // To end their wait where they diverged would take them for runs that may yet emerge; to let it
    // go on would ask for an exponential law of which a part never ends.
    return diverged == 0
        ? Optional.empty()
        : Optional.of(
            of(
                diverged,
                "diverged before they passed %s: they never would, so no one law describes all"
                    + " waits, and without them it would only be that of the others"));
  }

  private String of(long count, String what) {
    return count + " of " + runs.size() + " runs " + what.formatted(spec.threshold());
  }

  /** Of the runs that emerged or may yet: those that diverged earlier wait for nothing. */
  private List<Wait> waits() {
    boolean stops = runs.ended().stream().anyMatch(run -> state(run) == State.STOPPED);
    List<Wait> waits = new ArrayList<>();
    for (Observation run : runs.ended()) {
      Value value = run.waited(spec.threshold()).orElse(NEVER);
      if (Double.isFinite(value.number())) {
        waits.add(
            new Wait(
                value.number(),
                value.censored(),
                value.censored() ? value.number() : end(run, stops)));
      }
    }
    return waits;
  }

  /**
   * Until when a run that emerged would have been looked at. Where a stop came before an emergence,
   * it ended the watch of every run that it stopped. Else it only followed from what emerged, and a
   * run that had waited longer would have been stopped later.
   */
  private static double end(Observation run, boolean stops) {
    double end = stops ? run.end() : Ending.limit(run.config());
    double between = Observation.resolution(run.config());
    // No evaluation is at a max_steps that is no multiple of evaluate_every.
    return between > 0 ? Math.floor(end / between) * between : end;
  }

  /**
   * Runs that are no part of the test: a failure says nothing of how long they would have waited,
   * nor does a metric without a number.
   */
  private String withoutOthers() {
    return count(State.FAILED, "failed before they passed %s and are left out")
        + count(State.UNMEASURED, "have no number of the metric of %s and are left out");
  }

  private String count(State state, String what) {
    long count = runs.ended().stream().filter(run -> state(run) == state).count();
    return count == 0 ? "" : "; " + of(count, what);
  }

  private State state(Observation run) {
    return run.state(spec.threshold());
  }

  private String reason(Exponentiality test, boolean refuted) {
    String side =
        !refuted
            ? "they cannot be told from exponential ones"
            : test.score() > 0
                ? "they are more regular than exponential ones, the hazard rises"
                : "they are more spread than exponential ones, the hazard falls";
    return String.format(
        Locale.ROOT,
        "%d waits (%d emerged) from %s on, mean %s: Cox and Oakes' score is %s standard"
            + " deviations, p = %s, so %s; claimed is %s at %s",
        test.runs(),
        test.emerged(),
        runs.config().training().optimizer().inTime()
            ? "t = " + Numeral.of(test.start())
            : String.format(Locale.ROOT, "step %.0f", test.start()),
        Numeral.of(test.mean()),
        Numeral.of(test.score()),
        Numeral.of(test.p()),
        side,
        spec.expect() == ClaimSpec.Shape.EXPONENTIAL ? "exponential" : "not exponential",
        Numeral.of(spec.level()));
  }

  private static Map<String, Object> numbers(Exponentiality test) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("p", test.p());
    out.put("score", test.score());
    out.put("waits", test.runs());
    out.put("emerged", test.emerged());
    out.put("from_step", test.start());
    out.put("mean_wait", test.mean());
    return out;
  }
}
