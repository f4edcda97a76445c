package dev.emergence.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * The share of runs that has not yet emerged, from runs of which some were stopped before (Kaplan
 * and Meier 1958).
 *
 * @param steps where the share falls, in rising order
 * @param runs all runs
 * @param emerged runs that emerged
 */
public record KaplanMeier(List<Step> steps, int runs, int emerged) {

  /**
   * One fall.
   *
   * @param time of the fall
   * @param share that has not emerged right after it
   * @param variance Greenwood's sum Σ d / (n (n - d)) up to here; infinite when the share is 0
   */
  public record Step(double time, double share, double variance) {}

  public KaplanMeier {
    steps = List.copyOf(steps);
  }

  /**
   * @param times of emergence, or of the last look where a run had not emerged; infinite for a run
   *     that never can
   * @param censored whether a run had not emerged by its time
   */
  public static KaplanMeier of(double[] times, boolean[] censored) {
    Integer[] order = new Integer[times.length];
    Arrays.setAll(order, i -> i);
    // At one time, emergence comes before the end of a watch (the usual convention).
    Arrays.sort(
        order,
        (a, b) ->
            times[a] == times[b]
                ? Boolean.compare(censored[a], censored[b])
                : Double.compare(times[a], times[b]));
    List<Step> steps = new ArrayList<>();
    double share = 1;
    double variance = 0;
    int emerged = 0;
    for (int i = 0; i < order.length; ) {
      double time = times[order[i]];
      int atRisk = order.length - i;
      int falls = 0;
      while (i < order.length && times[order[i]] == time) {
        falls += censored[order[i]] ? 0 : 1;
        i++;
      }
      if (falls > 0) {
        share *= 1 - falls / (double) atRisk;
        variance += falls / ((double) atRisk * (atRisk - falls));
        emerged += falls;
        steps.add(new Step(time, share, variance));
      }
    }
    return new KaplanMeier(steps, times.length, emerged);
  }

  /** The first time by which at least half have emerged; NaN when that is not known. */
  public double median() {
    return steps.stream()
        .filter(s -> s.share() <= 0.5 + 1e-12)
        .mapToDouble(Step::time)
        .findFirst()
        .orElse(Double.NaN);
  }

  /**
   * An interval for the share after a fall, by Greenwood's variance on the scale log(-log), which
   * keeps it between 0 and 1 (Kalbfleisch and Prentice 2002, 1.4).
   *
   * @param level such as 0.95
   * @return lower and upper end; NaN where the share is 0 and there is none
   */
  public static double[] interval(Step step, double level) {
    if (!(step.share() > 0 && step.share() < 1)) {
      return new double[] {Double.NaN, Double.NaN};
    }
    double z = new NormalDistribution().inverseCumulativeProbability((1 + level) / 2);
    double width = z * Math.sqrt(step.variance()) / Math.abs(Math.log(step.share()));
    return new double[] {
      Math.pow(step.share(), Math.exp(width)), Math.pow(step.share(), Math.exp(-width))
    };
  }
}
