package dev.emergence.analysis;

import dev.emergence.fit.MeanRatio;
import dev.emergence.spec.ClaimSpec;
import dev.emergence.spec.Numeral;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * A claim of the experiment and its result.
 *
 * @param spec the claim
 * @param verdict whether it holds
 * @param reason one sentence with the numbers, or with what is missing
 * @param judged the number that was judged: a ratio or a p-value; from the smallest to the largest
 *     where each run has one
 * @param ratios for claims of kind ratio, baseline over condition, for each condition that has a
 *     baseline; else empty
 * @param numbers the computed numbers by name; of a claim of kind ratio {@code lower} and {@code
 *     upper}, the 95 % interval of the judged ratio, where there is one
 * @param missing how many runs of its data are missing, with those among which {@code select} chose
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

  /**
   * Whether the claim holds. A claim that cannot be judged because runs are missing counts as
   * holding.
   */
  public boolean holds() {
    return verdict == Verdict.HOLDS || (verdict == Verdict.UNDECIDED && missing > 0);
  }

  /** The same, undecided because runs are missing among which {@code select} chooses. */
  ClaimReport open(int rivals) {
    String lacking =
        "; "
            + Numeral.count(rivals, "run")
            + (rivals == 1 ? " is" : " are")
            + " missing among which select chooses";
    return new ClaimReport(
        spec, Verdict.UNDECIDED, reason + lacking, judged, ratios, numbers, missing + rivals);
  }

  /**
   * The mean of the baseline divided by the mean of a condition.
   *
   * @param values the condition's swept values, and its variant if it has one
   * @param baselineSeeds known values of the baseline's seeds
   * @param conditionSeeds known values of the condition's seeds
   */
  public record Ratio(
      Map<String, Object> values,
      Bounds baseline,
      Bounds condition,
      Bounds ratio,
      List<Double> baselineSeeds,
      List<Double> conditionSeeds) {

    /** The ratio with its interval; without one where a seed of either side is not known. */
    @API(status = API.Status.INTERNAL)
    public MeanRatio interval(double level) {
      return ratio.known()
          ? MeanRatio.of(baselineSeeds, conditionSeeds, level)
          : new MeanRatio(Double.NaN, Double.NaN, Double.NaN);
    }
  }
}
