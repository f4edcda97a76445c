package dev.emergence.analysis;

import dev.emergence.measure.Emergence;
import dev.emergence.result.Outcome;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.RunConfig;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The seeds of the one condition that a claim is about. */
record OneCondition(List<Observation> seeds, RunConfig config) {

  /**
   * None of the runs where no condition is left, as of a part of the runs.
   *
   * @throws IllegalArgumentException when several conditions are left
   */
  static OneCondition of(Analysis analysis, String sweep, Map<String, Object> where) {
    List<Cell> cells = analysis.cells(List.of(sweep), where);
    if (cells.isEmpty()) {
      return new OneCondition(List.of(), analysis.experiment().base());
    }
    if (cells.size() > 1) {
      throw new IllegalArgumentException(
          "a claim about seeds needs one condition of " + sweep + ", got " + cells.size());
    }
    return new OneCondition(cells.get(0).seeds(), cells.get(0).condition().config());
  }

  int size() {
    return seeds.size();
  }

  /** Runs that are stored. */
  List<Observation> ended() {
    return seeds.stream().filter(run -> run.ended().isPresent()).toList();
  }

  private int missing() {
    return SharedRuns.missing(seeds);
  }

  /** Logarithms of a column, without runs of which it is not known or not positive. */
  List<Double> logarithms(String column) {
    return seeds.stream()
        .map(run -> run.value(column))
        .flatMap(Optional::stream)
        .filter(value -> !value.censored() && value.number() > 0)
        .map(value -> Math.log(value.number()))
        .toList();
  }

  /** How many passed a threshold at their first evaluation, before any training. */
  long passedBefore(String threshold) {
    return seeds.stream()
        .filter(run -> run.thresholds().containsKey(threshold))
        .filter(run -> run.emergence(threshold) instanceof Emergence.Reached r && r.step() == 0)
        .count();
  }

  /** {@code (2 of them failed, 1 diverged)}; empty when each came to its end or is missing. */
  static String troubles(List<Observation> runs) {
    String counts =
        Stream.of(Outcome.State.FAILED, Outcome.State.DIVERGED)
            .map(state -> counted(runs, state))
            .filter(words -> !words.isEmpty())
            .collect(Collectors.joining(", "));
    return counts.isEmpty() ? "" : " (" + counts.replaceFirst(" ", " of them ") + ")";
  }

  /** A clause about runs that have ended without a value of a column; empty without any. */
  static String lost(List<Cell> cells, String column) {
    List<Observation> all = SharedRuns.of(cells, run -> SharedRuns.numbers(run, column));
    List<Observation> without = all.stream().filter(run -> run.value(column).isEmpty()).toList();
    long missing = without.stream().filter(run -> run.ended().isEmpty()).count();
    return missing == without.size()
        ? ""
        : "; "
            + without.size()
            + " of "
            + all.size()
            + " runs have no "
            + column
            + troubles(without);
  }

  private static String counted(List<Observation> runs, Outcome.State state) {
    long count = runs.stream().filter(run -> run.ended().filter(state::equals).isPresent()).count();
    return count == 0 ? "" : count + " " + state.name().toLowerCase(Locale.ROOT);
  }

  /** A clause about runs that are not stored. */
  static String lacking(int missing) {
    return "; " + Numeral.count(missing, "run") + (missing == 1 ? " is missing" : " are missing");
  }

  /** A claim that cannot be judged. */
  ClaimReport open(ClaimSpec spec, String reason) {
    return new ClaimReport(
        spec, Verdict.UNDECIDED, reason, Bounds.UNKNOWN, List.of(), Map.of(), missing());
  }

  /** A claim that was judged, but while runs are missing nothing is settled. */
  ClaimReport report(
      ClaimSpec spec, boolean holds, String reason, double judged, Map<String, Object> numbers) {
    Verdict verdict = missing() > 0 ? Verdict.UNDECIDED : holds ? Verdict.HOLDS : Verdict.FAILS;
    String all = missing() > 0 ? reason + lacking(missing()) : reason;
    return new ClaimReport(
        spec, verdict, all, Bounds.exactly(judged), List.of(), numbers, missing());
  }
}
