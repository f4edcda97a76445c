package dev.emergence.analysis;

import dev.emergence.spec.ClaimSpec;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * A claim of the experiment with what came of it.
 *
 * @param reason one sentence that gives the numbers, or says what is lacking
 * @param judged the number that was judged: a ratio, a p-value
 * @param ratios baseline over condition, one a condition that has a baseline; none of other kinds
 * @param numbers what other kinds computed, by name
 * @param missing runs of its data that are not there yet
 */
@API(status = API.Status.MAINTAINED)
public record ClaimReport(
    ClaimSpec spec,
    Verdict verdict,
    String reason,
    Bounds judged,
    List<Ratio> ratios,
    Map<String, Object> numbers,
    int missing) {
  public ClaimReport {
    ratios = List.copyOf(ratios);
    numbers = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(numbers));
  }

  /** Whether it holds, or cannot be judged because runs are missing. */
  public boolean holds() {
    return verdict == Verdict.HOLDS || (verdict == Verdict.UNDECIDED && missing > 0);
  }

  /**
   * Mean of the baseline over the mean of a condition.
   *
   * @param values the condition's variant, where it has one, and its swept values
   * @param baselineSeeds known values of the baseline's seeds
   * @param conditionSeeds known values of the condition's seeds
   */
  public record Ratio(
      Map<String, Object> values,
      Bounds baseline,
      Bounds condition,
      Bounds ratio,
      List<Double> baselineSeeds,
      List<Double> conditionSeeds) {}
}
