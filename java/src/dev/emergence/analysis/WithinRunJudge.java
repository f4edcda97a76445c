package dev.emergence.analysis;

import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.Numeral;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges how two numbers of the same run compare. Each run has one ratio, which may be known in
 * part only; a run that reached neither of two times says nothing about their ratio and is left
 * out.
 */
final class WithinRunJudge {
  private final ClaimSpec.WithinRun spec;
  private final List<Cell> cells;
  private final List<Bounds> ratios = new ArrayList<>();
  private int missing;
  private int neither;
  private int zero;

  WithinRunJudge(Analysis analysis, ClaimSpec.WithinRun spec) {
    this.spec = spec;
    this.cells = analysis.cells(List.of(spec.data()), spec.where());
    cells.stream().flatMap(cell -> cell.seeds().stream()).forEach(this::add);
  }

  private void add(Observation run) {
    if (run.ended().isEmpty()) {
      missing++;
    } else if (isCensored(run, spec.of()) && isCensored(run, spec.baseline())) {
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
    Bounds share = share();
    Verdict verdict =
        missing > 0 || ratios.isEmpty()
            ? Verdict.UNDECIDED
            : share.lower() >= spec.runs()
                ? Verdict.HOLDS
                : share.upper() < spec.runs() ? Verdict.FAILS : Verdict.UNDECIDED;
    String reason =
        spec.of()
            + " over "
            + spec.baseline()
            + " is "
            + words()
            + "; claimed of "
            + (spec.runs() == 1 ? "all" : "at least " + Numeral.of(100 * spec.runs()) + "%")
            + " is "
            + RatioJudge.band(spec.atLeast(), spec.atMost())
            + leftOut()
            + overZero()
            + OneCondition.lost(cells, spec.of())
            + OneCondition.lost(cells, spec.baseline())
            + (missing > 0 ? OneCondition.lacking(missing) : "");
    return new ClaimReport(spec, verdict, reason, all(), List.of(), numbers(), missing);
  }

  /** From the smallest ratio to the largest; unknown where one is. */
  private Bounds all() {
    double lower = ratios.stream().mapToDouble(Bounds::lower).min().orElse(Double.NaN);
    double upper = ratios.stream().mapToDouble(Bounds::upper).max().orElse(Double.NaN);
    return new Bounds(lower, upper);
  }

  /** The share of runs within the bounds. A ratio that may be within or not leaves it open. */
  private Bounds share() {
    if (ratios.isEmpty()) {
      return Bounds.UNKNOWN;
    }
    double all = ratios.size();
    return new Bounds(count(Verdict.HOLDS) / all, (all - count(Verdict.FAILS)) / all);
  }

  private long count(Verdict verdict) {
    return ratios.stream()
        .filter(r -> RatioJudge.verdict(r, spec.atLeast(), spec.atMost()) == verdict)
        .count();
  }

  private double[] known() {
    return ratios.stream().filter(Bounds::known).mapToDouble(Bounds::lower).sorted().toArray();
  }

  private static double median(double[] sorted) {
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private String words() {
    if (ratios.isEmpty()) {
      return "unknown";
    }
    int exact = known().length;
    return range()
        + " in "
        + (exact == 0 || exact == ratios.size() ? "" : exact + " of ")
        + Numeral.count(ratios.size(), "run")
        + ", within the bounds in "
        + count(Verdict.HOLDS)
        + open();
  }

  private String range() {
    double[] known = known();
    return switch (known.length) {
      case 0 -> "not known exactly";
      case 1 -> Numeral.of(known[0]);
      default ->
          Numeral.of(known[0])
              + " to "
              + Numeral.of(known[known.length - 1])
              + " (median "
              + Numeral.of(median(known))
              + ")";
    };
  }

  /** A clause about runs whose ratio may be within the bounds or not. */
  private String open() {
    long open = count(Verdict.UNDECIDED);
    return open == 0 ? "" : " and perhaps in " + open + " more";
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

  private Map<String, Object> numbers() {
    double[] known = known();
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("runs", ratios.size());
    numbers.put("within", count(Verdict.HOLDS));
    numbers.put("outside", count(Verdict.FAILS));
    if (known.length > 0) {
      numbers.put("smallest", known[0]);
      numbers.put("median", median(known));
      numbers.put("largest", known[known.length - 1]);
    }
    return numbers;
  }
}
