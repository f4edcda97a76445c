package dev.emergence.fit;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Whether waiting times are exponential: the score test of Cox and Oakes (1984, Analysis of
 * Survival Data, section 3.7) against times whose hazard rises or falls as a power of time, with
 * runs that were stopped before. The p-value is that of a parametric bootstrap which rounds and
 * stops its times as the data were, and so holds its level for few runs too.
 *
 * @param runs that count
 * @param emerged of them
 * @param start the step from which waiting counts
 * @param mean wait by maximum likelihood: the waits' sum over the number that emerged
 * @param score in units of its standard deviation; above 0 where times are more regular than
 *     exponential ones, the hazard rising, below 0 where they are more spread
 * @param p two-sided
 */
public record Exponentiality(
    int runs, int emerged, double start, double mean, double score, double p) {
  /** Fewer say nothing. */
  public static final int LEAST = 5;

  /** Scores that differ by less are equal: sums in another order round otherwise. */
  private static final double ROUNDING = 1e-9;

  /**
   * A run's wait.
   *
   * @param time of emergence, or of the last look at a run that had not emerged
   * @param censored whether it had not
   * @param limit last step at which the run would have been looked at
   */
  public record Wait(double time, boolean censored, double limit) {}

  /**
   * @param grid steps between two looks: times are multiples of it
   * @param after step from which waiting counts: the first look from it on, and the runs that had
   *     not emerged by that look; NaN for the first emergence, whose run is left out
   * @param resamples of the bootstrap
   * @throws IllegalArgumentException when fewer than {@link #LEAST} runs emerged after the start
   */
  public static Exponentiality of(List<Wait> waits, double grid, double after, int resamples) {
    double from = Math.ceil(after / grid) * grid;
    // What was first seen at a look emerged before it. So a run seen at the start itself is no part
    // of those still waiting, neither in the data nor in what the bootstrap draws.
    List<Wait> waiting = waits.stream().filter(wait -> !(wait.time() <= from)).toList();
    Sample data = Sample.of(waiting, grid, from);
    if (data.emerged() < LEAST) {
      throw new IllegalArgumentException(
          "a test of waiting times needs "
              + LEAST
              + " that emerged after "
              + (Double.isNaN(after) ? "the first" : "waiting began")
              + ", got "
              + data.emerged());
    }
    double score = data.score();
    double exact = data.exactMean(grid);
    SplittableRandom random = new SplittableRandom(0x5EED);
    int beyond = 0;
    for (int b = 0; b < resamples; b++) {
      double drawn = drawn(waiting, grid, from, data.start(), exact, random);
      // A sample without times has no score; it counts as extreme, which only raises p.
      beyond += !(Math.abs(drawn) < Math.abs(score) - ROUNDING) ? 1 : 0;
    }
    return new Exponentiality(
        data.waits().length,
        data.emerged(),
        data.start(),
        data.mean(),
        score,
        (1.0 + beyond) / (resamples + 1.0));
  }

  private static double drawn(
      List<Wait> waits,
      double grid,
      double after,
      double start,
      double mean,
      SplittableRandom random) {
    Wait[] sample = new Wait[waits.size()];
    double offset = Double.isNaN(after) ? random.nextDouble() * grid : 0;
    for (int i = 0; i < sample.length; i++) {
      double exact = start + offset - mean * Math.log(1 - random.nextDouble());
      double seen = Math.ceil(exact / grid) * grid;
      double limit = waits.get(i).limit();
      sample[i] = seen > limit ? new Wait(limit, true, limit) : new Wait(seen, false, limit);
    }
    return Sample.of(Arrays.asList(sample), grid, after).score();
  }

  /** Waits from the start. */
  private record Sample(double[] waits, boolean[] censored, double start) {

    static Sample of(List<Wait> all, double grid, double after) {
      int first = -1;
      if (Double.isNaN(after)) {
        for (int i = 0; i < all.size(); i++) {
          boolean earlier =
              !all.get(i).censored() && (first < 0 || all.get(i).time() < all.get(first).time());
          first = earlier ? i : first;
        }
      }
      double start = Double.isNaN(after) ? (first < 0 ? 0 : all.get(first).time()) : after;
      int without = first;
      int[] kept =
          java.util.stream.IntStream.range(0, all.size())
              .filter(i -> i != without && all.get(i).time() >= start)
              .toArray();
      double[] waits = new double[kept.length];
      boolean[] censored = new boolean[kept.length];
      for (int i = 0; i < kept.length; i++) {
        Wait wait = all.get(kept[i]);
        // Two that were first seen at one look are half a look apart on average.
        waits[i] = Math.max(wait.time() - start, grid / 2);
        censored[i] = wait.censored();
      }
      return new Sample(waits, censored, start);
    }

    int emerged() {
      int count = 0;
      for (boolean c : censored) {
        count += c ? 0 : 1;
      }
      return count;
    }

    double mean() {
      return Arrays.stream(waits).sum() / emerged();
    }

    /**
     * The mean of exponential waits which, seen at looks alone, are most likely as these. The waits
     * that {@link #mean} sums last until they are seen, so that drawing by it would round them up
     * twice. Runs seen at the start are no part: how long they waited is hidden in that one look.
     */
    double exactMean(double grid) {
      double looks = 0;
      int seen = 0;
      for (int i = 0; i < waits.length; i++) {
        boolean later = waits[i] > grid * 0.75;
        looks += later ? waits[i] / grid : 0;
        seen += later && !censored[i] ? 1 : 0;
      }
      // Half a look more, so that runs that are all seen at the first look have a mean too.
      return seen == 0 ? mean() : -grid / Math.log1p(-seen / (looks + 0.5));
    }

    /** The derivative of the likelihood by Weibull's shape at 1, over its standard deviation. */
    double score() {
      double logs = 0;
      double weighted = 0;
      for (int i = 0; i < waits.length; i++) {
        logs += censored[i] ? 0 : Math.log(waits[i]);
        weighted += waits[i] * Math.log(waits[i]);
      }
      int d = emerged();
      double slope = d + logs - weighted / mean();
      return d == 0 ? Double.NaN : slope / Math.sqrt(d * Math.PI * Math.PI / 6);
    }
  }
}
