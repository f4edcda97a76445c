package dev.emergence.analysis;

import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.Numeral;
import java.util.List;

/**
 * Judges how two numbers of the same run compare. Each run has one ratio, which may be known in
 * part only; a run that reached neither of two times says nothing about their ratio and is left
 * out.
 */
final class WithinRunJudge {
  private final ClaimSpec.WithinRun spec;
  private final List<Cell> cells;
  private final EachRun ratios;
  private final int missing;
  private int neither;
  private int zero;

  WithinRunJudge(Analysis analysis, ClaimSpec.WithinRun spec) {
    this.spec = spec;
    this.cells = analysis.cells(List.of(spec.data()), spec.where());
    this.ratios = new EachRun("run", spec.atLeast(), spec.atMost(), spec.runs());
    this.missing = SharedRuns.missing(cells);
    SharedRuns.of(cells, run -> SharedRuns.numbers(run, spec.of(), spec.baseline())).stream()
        .filter(run -> run.ended().isPresent())
        .forEach(this::add);
  }

  private void add(Observation run) {
    if (isCensored(run, spec.of()) && isCensored(run, spec.baseline())) {
      neither++;
    } else {
      Bounds below = bounds(run, spec.baseline());
      zero += below.equals(Bounds.exactly(0)) ? 1 : 0;
      ratios.add(bounds(run, spec.of()).over(below));
    }
  }

  private static boolean isCensored(Observation run, String column) {
    return run.value(column).filter(Value::censored).isPresent();
  }

  private static Bounds bounds(Observation run, String column) {
    return run.value(column)
        .map(v -> new Bounds(v.number(), v.censored() ? Double.POSITIVE_INFINITY : v.number()))
        .orElse(Bounds.UNKNOWN);
  }

  ClaimReport report() {
    String reason =
        spec.of()
            + " over "
            + spec.baseline()
            + " is "
            + ratios.words()
            + "; "
            + ratios.claim()
            + leftOut()
            + overZero()
            + OneCondition.lost(cells, spec.of())
            + OneCondition.lost(cells, spec.baseline())
            + (missing > 0 ? OneCondition.lacking(missing) : "");
    return new ClaimReport(
        spec, ratios.verdict(missing), reason, ratios.all(), List.of(), ratios.numbers(), missing);
  }

  private String leftOut() {
    return neither == 0
        ? ""
        : "; " + Numeral.count(neither, "run") + " that reached neither left out";
  }

  /** A clause about runs whose ratio is unknown for another reason than that they ended badly. */
  private String overZero() {
    return zero == 0
        ? ""
        : "; in "
            + Numeral.count(zero, "run")
            + " "
            + spec.baseline()
            + " is 0, so that nothing can be divided by it";
  }
}
