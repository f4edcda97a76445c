package dev.emergence.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * The share of runs that has not yet emerged, from runs of which some were stopped before (Kaplan
 * and Meier 1958).
 *
 * @param steps where the share falls, in rising order
 * @param runs all runs
 * @param emerged runs that emerged
 * @param ends when the watch of each of the others ended, in rising order
 */
public record KaplanMeier(List<Step> steps, int runs, int emerged, List<Double> ends) {

  /**
   * One fall.
   *
   * @param time of the fall
   * @param share that has not emerged right after it
   * @param variance Greenwood's sum Σ d / (n (n - d)) up to here; infinite when the share is 0
   */
  public record Step(double time, double share, double variance) {}

  /**
   * What may be said of the share from a time on.
   *
   * @param time from which on it holds, up to the next one's
   */
  public record Band(double time, double lower, double upper) {}

  public KaplanMeier {
    steps = List.copyOf(steps);
    ends = List.copyOf(ends);
  }

  /**
   * @param times of emergence, or of the last look where a run had not emerged; infinite for a run
   *     that never can
   * @param censored whether a run had not emerged by its time
   */
  public static KaplanMeier of(double[] times, boolean[] censored) {
    Integer[] order = new Integer[times.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> times[i]));
    List<Step> steps = new ArrayList<>();
    List<Double> ends = new ArrayList<>();
    double share = 1;
    double variance = 0;
    int emerged = 0;
    for (int i = 0; i < order.length; ) {
      double time = times[order[i]];
      // At one time, emergence comes before the end of a watch (the usual convention).
      int atRisk = order.length - i;
      int falls = 0;
      while (i < order.length && times[order[i]] == time) {
        if (censored[order[i]]) {
          ends.add(time);
        } else {
          falls++;
        }
        i++;
      }
      if (falls > 0) {
        share *= 1 - falls / (double) atRisk;
        variance += falls / ((double) atRisk * (atRisk - falls));
        emerged += falls;
        steps.add(new Step(time, share, variance));
      }
    }
    return new KaplanMeier(steps, times.length, emerged, ends);
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

  /**
   * Intervals for the share at each time: {@link #interval} between its ends, and at its ends,
   * where all runs still wait or none does, that of Clopper and Pearson (1934). An estimate of 1
   * from a few runs is not certain, although Greenwood's variance is 0 there.
   *
   * @param level such as 0.95
   * @return in the order of time, the first at time 0
   */
  public List<Band> band(double level) {
    List<Band> bands = new ArrayList<>();
    double tail = (1 - level) / 2;
    double first = steps.isEmpty() ? Double.POSITIVE_INFINITY : steps.get(0).time();
    bands.add(new Band(0, Math.pow(tail, 1.0 / runs), 1));
    for (int i = 0; i < ends.size() && ends.get(i) < first; i++) {
      int watched = runs - i - 1;
      boolean lastOfEqual = i + 1 == ends.size() || ends.get(i + 1) > ends.get(i);
      if (watched > 0 && lastOfEqual) {
        bands.add(new Band(ends.get(i), Math.pow(tail, 1.0 / watched), 1));
      }
    }
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      double[] interval = interval(step, level);
      bands.add(
          step.share() > 0
              ? new Band(step.time(), interval[0], interval[1])
              : new Band(step.time(), 0, 1 - Math.pow(tail, 1 / worth(i))));
    }
    return bands;
  }

  /** How many runs without an end of their watch would give the variance before the last fall. */
  private double worth(int last) {
    if (last == 0) {
      return emerged; // All others ended before the only fall, and none waits after it.
    }
    Step before = steps.get(last - 1);
    return (1 - before.share()) / (before.share() * before.variance());
  }
}
