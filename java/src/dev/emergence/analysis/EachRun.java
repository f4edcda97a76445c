package dev.emergence.analysis;

import dev.emergence.spec.Numeral;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Numbers of which each run, or each curve, has one, and which are claimed to lie within bounds in
 * a share of them. A number may be known in part only.
 */
final class EachRun {
  private final String noun;
  private final Optional<Double> atLeast;
  private final Optional<Double> atMost;
  private final double claimed;
  private final List<Bounds> numbers = new ArrayList<>();

  /**
   * No numbers yet.
   *
   * @param noun what has a number, in a word: {@code run}
   * @param claimed smallest share of numbers that are within the bounds
   */
  EachRun(String noun, Optional<Double> atLeast, Optional<Double> atMost, double claimed) {
    this.noun = noun;
    this.atLeast = atLeast;
    this.atMost = atMost;
    this.claimed = claimed;
  }

  void add(Bounds number) {
    numbers.add(number);
  }

  /** Open while runs are missing, and where numbers that are not known decide. */
  Verdict verdict(int missing) {
    if (missing > 0 || numbers.isEmpty()) {
      return Verdict.UNDECIDED;
    }
    double all = numbers.size();
    return count(Verdict.HOLDS) / all >= claimed
        ? Verdict.HOLDS
        : (all - count(Verdict.FAILS)) / all < claimed ? Verdict.FAILS : Verdict.UNDECIDED;
  }

  /** From the smallest number to the largest; unknown where one is. */
  Bounds all() {
    double lower = numbers.stream().mapToDouble(Bounds::lower).min().orElse(Double.NaN);
    double upper = numbers.stream().mapToDouble(Bounds::upper).max().orElse(Double.NaN);
    return new Bounds(lower, upper);
  }

  private long count(Verdict verdict) {
    return numbers.stream()
        .filter(number -> RatioJudge.verdict(number, atLeast, atMost) == verdict)
        .count();
  }

  private double[] known() {
    return numbers.stream().filter(Bounds::known).mapToDouble(Bounds::lower).sorted().toArray();
  }

  static double median(double[] sorted) {
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** {@code 0.5 to 1 (median 0.75) in 3 runs, within the bounds in 3}. */
  String words() {
    if (numbers.isEmpty()) {
      return "unknown";
    }
    int exact = known().length;
    return range()
        + " in "
        + (exact == 0 || exact == numbers.size() ? "" : exact + " of ")
        + Numeral.count(numbers.size(), noun)
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

  /** A clause about numbers that may be within the bounds or not. */
  private String open() {
    long open = count(Verdict.UNDECIDED);
    return open == 0 ? "" : " and perhaps in " + open + " more";
  }

  /** {@code claimed of all is at most 1}. */
  String claim() {
    return "claimed of "
        + (claimed == 1 ? "all" : "at least " + Numeral.of(100 * claimed) + "%")
        + " is "
        + RatioJudge.band(atLeast, atMost);
  }

  /** The same as numbers by name; how many there are is named by the noun. */
  Map<String, Object> numbers() {
    double[] known = known();
    Map<String, Object> out = new LinkedHashMap<>();
    out.put(noun + "s", numbers.size());
    out.put("within", count(Verdict.HOLDS));
    out.put("outside", count(Verdict.FAILS));
    if (known.length > 0) {
      out.put("smallest", known[0]);
      out.put("median", median(known));
      out.put("largest", known[known.length - 1]);
    }
    return out;
  }
}
