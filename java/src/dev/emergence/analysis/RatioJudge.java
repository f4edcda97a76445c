package dev.emergence.analysis;

import dev.emergence.fit.MeanRatio;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.Condition;
import dev.emergence.spec.Numeral;
import dev.emergence.spec.Partners;
import dev.emergence.spec.expr.Symbols;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Judges a claim about the ratio of conditions. A mean over seeds of which some are unreached is
 * only known to be larger than a limit, and is carried through as such: a claim holds when it does
 * for all that the data leave possible.
 */
final class RatioJudge {
  static final double LEVEL = 0.95;

  private final Analysis analysis;
  private final ClaimSpec.Ratio spec;

  /** The condition of each ratio. */
  private final List<Cell> compared = new ArrayList<>();

  RatioJudge(Analysis analysis, ClaimSpec.Ratio spec) {
    this.analysis = analysis;
    this.spec = spec;
  }

  ClaimReport report() {
    Where baseline = new Where(spec.baseline(), analysis.symbols());
    List<Cell> bases = cells(seedsOf(spec.where()), c -> baseline.matches(c));
    List<Cell> others = cells(spec.where(), c -> !baseline.matches(c));
    List<Cell> cells = Stream.concat(bases.stream(), others.stream()).toList();
    Partners partners = partners(bases);
    List<ClaimReport.Ratio> ratios = new ArrayList<>();
    for (Cell cell : others) {
      partners
          .of(cell.condition())
          .ifPresent(
              base -> {
                compared.add(cell);
                ratios.add(ratio(bases.get(base), cell));
              });
    }
    if (ratios.isEmpty()) {
      String lacking =
          bases.isEmpty()
              ? "no condition is the baseline"
              : "no condition differs from the baseline in its values alone";
      return new ClaimReport(
          spec,
          Verdict.UNDECIDED,
          lacking,
          Bounds.UNKNOWN,
          ratios,
          Map.of(),
          SharedRuns.missing(cells));
    }
    Verdict verdict = spec.ratio() == ClaimSpec.Which.EACH ? each(ratios) : verdict(judged(ratios));
    return new ClaimReport(
        spec,
        verdict,
        reason(ratios).words(verdict, details(ratios)) + OneCondition.lost(cells, spec.of()),
        judged(ratios),
        ratios,
        interval(ratios).map(RatioJudge::numbers).orElse(Map.of()),
        SharedRuns.missing(cells));
  }

  private static Map<String, Object> numbers(MeanRatio interval) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("lower", interval.lower());
    out.put("upper", interval.upper());
    return out;
  }

  private List<Cell> cells(Map<String, Object> where, Predicate<Condition> kept) {
    return analysis.cells(List.of(spec.data()), where).stream()
        .filter(cell -> kept.test(cell.condition()))
        .toList();
  }

  /** What a where says of seeds, which holds for the baseline too. */
  private static Map<String, Object> seedsOf(Map<String, Object> where) {
    Object seed = where.get(Symbols.SEED);
    return seed == null ? Map.of() : Map.of(Symbols.SEED, seed);
  }

  /**
   * Finds the baseline condition that agrees with a condition in all swept values but those that
   * single out the baseline.
   */
  private Partners partners(List<Cell> bases) {
    Set<String> singledOut =
        spec.baseline().keySet().stream()
            .map(name -> analysis.symbols().path(name).orElse(name))
            .collect(Collectors.toSet());
    // What select chose may differ between the two: it is tuned, not compared.
    singledOut.addAll(analysis.experiment().sweeps().get(spec.data()).chosen());
    return new Partners(bases.stream().map(Cell::condition).toList(), singledOut);
  }

  private ClaimReport.Ratio ratio(Cell base, Cell cell) {
    int n = base.seeds().size();
    int m = cell.seeds().size();
    Bounds above = sum(base, 1, n);
    Bounds below = sum(cell, 1, m);
    // Not of the means: once they are rounded, it may miss a bound that it is equal to.
    Bounds ratio = sum(base, m, 1).over(sum(cell, n, 1));
    return new ClaimReport.Ratio(
        values(cell.condition()), above, below, ratio, known(base), known(cell));
  }

  /** What tells a condition from others: its variant, where it has one, and its swept values. */
  private static Map<String, Object> values(Condition condition) {
    Map<String, Object> values = new LinkedHashMap<>();
    if (!condition.variant().isEmpty()) {
      values.put("variant", condition.variant());
    }
    values.putAll(condition.values());
    return values;
  }

  private List<Double> known(Cell cell) {
    return cell.values(spec.of()).stream().filter(v -> !v.censored()).map(Value::number).toList();
  }

  /** A multiple of the sum over all seeds; a seed without any value leaves it open. */
  private Bounds sum(Cell cell, int times, int over) {
    List<Value> values = cell.values(spec.of());
    if (values.size() < cell.seeds().size() || values.isEmpty()) {
      return Bounds.UNKNOWN;
    }
    double sum = values.stream().mapToDouble(Value::number).sum() * times / over;
    return values.stream().anyMatch(Value::censored)
        ? new Bounds(sum, Double.POSITIVE_INFINITY)
        : Bounds.exactly(sum);
  }

  /**
   * The best is the largest ratio, the worst the smallest. "each" is reported by the one that comes
   * nearest to its bound, or lies beyond it.
   */
  private Bounds judged(List<ClaimReport.Ratio> ratios) {
    List<Double> lower = new ArrayList<>();
    List<Double> upper = new ArrayList<>();
    for (ClaimReport.Ratio r : ratios) {
      boolean nothing = Double.isNaN(r.ratio().lower());
      lower.add(nothing ? Double.NEGATIVE_INFINITY : r.ratio().lower());
      upper.add(nothing ? Double.POSITIVE_INFINITY : r.ratio().upper());
    }
    return isLargest(ratios)
        ? new Bounds(Collections.max(lower), Collections.max(upper))
        : new Bounds(Collections.min(lower), Collections.min(upper));
  }

  private boolean isLargest(List<ClaimReport.Ratio> ratios) {
    List<Bounds> numbers = ratios.stream().map(ClaimReport.Ratio::ratio).toList();
    return isLargest(spec.ratio(), numbers, spec.atLeast(), spec.atMost());
  }

  /**
   * Whether of several numbers the largest is judged, else the smallest. Of "each" it is the one
   * that comes nearest to its bound, or lies beyond it.
   */
  static boolean isLargest(
      ClaimSpec.Which which,
      List<Bounds> numbers,
      Optional<Double> atLeast,
      Optional<Double> atMost) {
    double most = atMost.orElse(Double.POSITIVE_INFINITY);
    return switch (which) {
      case BEST -> true;
      case WORST -> false;
      case EACH ->
          atMost.isPresent()
              && (atLeast.isEmpty() || numbers.stream().anyMatch(b -> b.lower() > most));
    };
  }

  private Verdict verdict(Bounds ratio) {
    return verdict(ratio, spec.atLeast(), spec.atMost());
  }

  /** Whether a number is within a band, for all that is known of it. */
  static Verdict verdict(Bounds of, Optional<Double> atLeast, Optional<Double> atMost) {
    double least = atLeast.orElse(Double.NEGATIVE_INFINITY);
    double most = atMost.orElse(Double.POSITIVE_INFINITY);
    boolean holds = of.lower() >= least && of.upper() <= most;
    boolean fails = of.upper() < least || of.lower() > most;
    // Comparisons with NaN are false, so an unknown number is neither.
    return fails ? Verdict.FAILS : holds ? Verdict.HOLDS : Verdict.UNDECIDED;
  }

  private Verdict each(List<ClaimReport.Ratio> ratios) {
    List<Verdict> verdicts = ratios.stream().map(r -> verdict(r.ratio())).toList();
    if (verdicts.contains(Verdict.FAILS)) {
      return Verdict.FAILS;
    }
    return verdicts.contains(Verdict.UNDECIDED) ? Verdict.UNDECIDED : Verdict.HOLDS;
  }

  /** An interval in words, and whether it holds numbers on both sides of what is claimed. */
  static String interval(Bounds interval, Optional<Double> atLeast, Optional<Double> atMost) {
    boolean open = verdict(interval, atLeast, atMost) == Verdict.UNDECIDED;
    return "95% interval "
        + Numeral.of(interval.lower())
        + " to "
        + Numeral.of(interval.upper())
        + (open ? ", which leaves the claim open" : "");
  }

  /** {@code at least 2 and at most 4}. */
  static String band(Optional<Double> atLeast, Optional<Double> atMost) {
    return atLeast.map(v -> "at least " + Numeral.of(v)).orElse("")
        + (atLeast.isPresent() && atMost.isPresent() ? " and " : "")
        + atMost.map(v -> "at most " + Numeral.of(v)).orElse("");
  }

  private RatioReason reason(List<ClaimReport.Ratio> ratios) {
    return new RatioReason(spec, ratios, judged(ratios), isLargest(ratios));
  }

  /** The condition whose ratio is the judged one, and the interval of this ratio. */
  private List<String> details(List<ClaimReport.Ratio> ratios) {
    List<String> out = new ArrayList<>();
    place(ratios).ifPresent(i -> out.add("at " + name(compared.get(i).condition())));
    interval(ratios)
        .map(i -> interval(new Bounds(i.lower(), i.upper()), spec.atLeast(), spec.atMost()))
        .ifPresent(words -> out.add(words + seeds(ratios)));
    return out;
  }

  /** How many seeds would decide a claim that the interval leaves open. */
  private String seeds(List<ClaimReport.Ratio> ratios) {
    MeanRatio interval = interval(ratios).orElseThrow();
    ClaimReport.Ratio judged = ratios.get(place(ratios).orElseThrow());
    List<OptionalInt> enough =
        Stream.of(spec.atLeast(), spec.atMost())
            .flatMap(Optional::stream)
            .filter(bound -> interval.lower() <= bound && bound <= interval.upper())
            .map(b -> MeanRatio.enough(judged.baselineSeeds(), judged.conditionSeeds(), b, LEVEL))
            .toList();
    if (enough.isEmpty()) {
      return "";
    }
    boolean never = enough.stream().anyMatch(OptionalInt::isEmpty);
    int most = enough.stream().mapToInt(n -> n.orElse(MeanRatio.MOST_NUMBERS)).max().orElseThrow();
    return ": if the ratio and the scatter stay, "
        + (never ? "even " + most + " seeds would not" : "some " + most + " seeds would")
        + " decide it";
  }

  /** Which ratio is the judged one, where it is known. */
  private OptionalInt place(List<ClaimReport.Ratio> ratios) {
    Bounds judged = judged(ratios);
    return IntStream.range(0, ratios.size())
        .filter(i -> judged.known() && ratios.get(i).ratio().equals(judged))
        .findFirst();
  }

  /** That of the judged ratio by itself, where both of its means have two seeds or more. */
  private Optional<MeanRatio> interval(List<ClaimReport.Ratio> ratios) {
    return place(ratios).stream()
        .mapToObj(ratios::get)
        .map(r -> r.interval(LEVEL))
        .filter(MeanRatio::hasInterval)
        .findFirst();
  }

  /** A condition's variant and swept values; empty where there is nothing to tell. */
  static String name(Condition condition) {
    List<String> parts = new ArrayList<>();
    if (!condition.variant().isEmpty()) {
      parts.add(condition.variant());
    }
    condition
        .values()
        .forEach(
            (path, value) ->
                parts.add(
                    path.substring(path.lastIndexOf('.') + 1)
                        + " = "
                        + (value instanceof Number n ? Numeral.setting(n.doubleValue()) : value)));
    return String.join(", ", parts);
  }
}
