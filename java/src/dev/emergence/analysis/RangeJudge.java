package dev.emergence.analysis;

import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.ClaimSpec.Which;
import dev.emergence.spec.Numeral;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Judges how far the seeds of conditions are apart. */
final class RangeJudge {
  /** Most conditions that a sentence names; a report has the numbers of all. */
  private static final int MOST_NAMED = 12;

  private static final String ONE_SEED = " of one seed, and a range takes two";
  private static final Predicate<Value> IS_0 = v -> !v.censored() && v.number() == 0;

  private final ClaimSpec.SeedRange spec;
  private final List<Cell> cells;

  RangeJudge(Analysis analysis, ClaimSpec.SeedRange spec) {
    this.spec = spec;
    this.cells = analysis.cells(List.of(spec.data()), spec.where());
  }

  ClaimReport report() {
    List<Bounds> ranges = cells.stream().map(this::range).toList();
    int missing = SharedRuns.missing(cells);
    Map<String, Object> numbers = new LinkedHashMap<>();
    List<String> words = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      String name = RatioJudge.name(cells.get(i).condition());
      words.add((name.isEmpty() ? "" : name + ": ") + ranges.get(i).words());
      numbers.put(name.isEmpty() ? spec.data() : name, ranges.get(i));
    }
    Verdict verdict = missing > 0 ? Verdict.UNDECIDED : verdict(ranges);
    String which = spec.range() == Which.EACH ? "each" : "the " + word();
    String reason =
        "the largest "
            + spec.of()
            + " over the smallest, "
            + named(ranges, words)
            + "; claimed of "
            + which
            + " is "
            + RatioJudge.band(spec.atLeast(), spec.atMost())
            + unknown()
            + OneCondition.lost(cells, spec.of())
            + (missing > 0 ? OneCondition.lacking(missing) : "");
    return new ClaimReport(spec, verdict, reason, judged(ranges), List.of(), numbers, missing);
  }

  /** A clause about conditions that have no range although their runs are as they should be. */
  private String unknown() {
    long lone = cells.stream().filter(cell -> cell.seeds().size() < 2).count();
    long zero =
        cells.stream().filter(cell -> cell.values(spec.of()).stream().anyMatch(IS_0)).count();
    long none = cells.stream().filter(this::isUnreached).count();
    return (lone == 0 ? "" : "; " + Numeral.count(lone, "condition") + ONE_SEED)
        + (zero == 0 ? "" : "; in " + Numeral.count(zero, "condition") + " the smallest is 0")
        + (none == 0 ? "" : "; in " + Numeral.count(none, "condition") + " no seed emerged");
  }

  private boolean isUnreached(Cell cell) {
    List<Value> values = cell.values(spec.of());
    return !values.isEmpty() && values.stream().allMatch(Value::censored);
  }

  /** The conditions with their ranges; of very many, some by which the verdict is what it is. */
  private String named(List<Bounds> ranges, List<String> words) {
    if (words.size() <= MOST_NAMED) {
      return String.join("; ", words);
    }
    Verdict verdict = verdict(ranges);
    String some =
        IntStream.range(0, words.size())
            .boxed()
            .sorted(Comparator.comparing(i -> verdict(ranges.get(i)) != verdict))
            .limit(MOST_NAMED)
            .map(words::get)
            .collect(Collectors.joining("; "));
    return some + "; and " + (words.size() - MOST_NAMED) + " more";
  }

  private String word() {
    return spec.range() == Which.BEST ? "largest range" : "smallest range";
  }

  /** Known from below alone where the largest is unreached; unknown where a seed has no number. */
  private Bounds range(Cell cell) {
    List<Value> values = cell.values(spec.of());
    double least =
        values.stream()
            .filter(v -> !v.censored())
            .mapToDouble(Value::number)
            .min()
            .orElse(Double.NaN);
    if (values.size() < Math.max(2, cell.seeds().size()) || !(least > 0)) {
      return Bounds.UNKNOWN;
    }
    double most = values.stream().mapToDouble(Value::number).max().getAsDouble();
    boolean open = values.stream().anyMatch(Value::censored);
    return new Bounds(most / least, open ? Double.POSITIVE_INFINITY : most / least);
  }

  /**
   * The largest or the smallest; of "each" the one that comes nearest to its bound, or lies beyond
   * it. One of which nothing is known may be any, from 1 on.
   */
  private Bounds judged(List<Bounds> ranges) {
    Predicate<Bounds> unknown = b -> Double.isNaN(b.lower());
    boolean each = spec.range() == Which.EACH;
    if (each ? ranges.stream().anyMatch(unknown) : ranges.stream().allMatch(unknown)) {
      return Bounds.UNKNOWN;
    }
    DoubleStream lower = ranges.stream().mapToDouble(b -> orElse(b.lower(), 1));
    DoubleStream upper =
        ranges.stream().mapToDouble(b -> orElse(b.upper(), Double.POSITIVE_INFINITY));
    return RatioJudge.isLargest(spec.range(), ranges, spec.atLeast(), spec.atMost())
        ? new Bounds(lower.max().getAsDouble(), upper.max().getAsDouble())
        : new Bounds(lower.min().getAsDouble(), upper.min().getAsDouble());
  }

  private static double orElse(double bound, double otherwise) {
    return Double.isNaN(bound) ? otherwise : bound;
  }

  private Verdict verdict(List<Bounds> ranges) {
    List<Bounds> all = spec.range() == Which.EACH ? ranges : List.of(judged(ranges));
    List<Verdict> verdicts = all.stream().map(this::verdict).toList();
    return verdicts.contains(Verdict.FAILS)
        ? Verdict.FAILS
        : verdicts.contains(Verdict.UNDECIDED) ? Verdict.UNDECIDED : Verdict.HOLDS;
  }

  private Verdict verdict(Bounds range) {
    return RatioJudge.verdict(range, spec.atLeast(), spec.atMost());
  }
}
