package dev.emergence.study;

import java.util.TreeMap;
import java.util.function.DoublePredicate;

/**
 * Finds where a number that is dear to measure first passes a level, among places in order: a
 * coarse look, evenly spread with both ends, then bisection between the two places of the coarse
 * look between which it first passes. Bisection takes the number to pass but once between these
 * two; how often what had passed fails again on the coarse look is counted.
 */
public final class Bisection {
  private Bisection() {}

  /**
   * What is measured at a place, counted from 0.
   *
   * @param <X> why it may fail
   */
  public interface Values<X extends Exception> {
    /** The number; measured at most once a place. */
    double at(int place) throws X;
  }

  /**
   * Neighbouring places between which the level is first passed.
   *
   * @param lower the last place before; -1 when the first place passes already
   * @param upper the first place that passes; -1 when none of the coarse look does
   * @param lost how often a place of the coarse look fails after one that passed
   * @param measured every number that was measured, by place
   */
  public record Bracket(int lower, int upper, int lost, TreeMap<Integer, Double> measured) {
    /** Whether the level is passed anywhere. */
    public boolean isPassed() {
      return upper >= 0;
    }
  }

  /**
   * Looks for the first pass.
   *
   * @param count places, at least 1
   * @param coarse places of the coarse look, at least 2; all when there are no more
   * @param passes whether a number passes; one that is not a number does not
   */
  public static <X extends Exception> Bracket of(
      int count, int coarse, Values<X> values, DoublePredicate passes) throws X {
    TreeMap<Integer, Double> measured = new TreeMap<>();
    int looks = Math.min(coarse, count);
    for (int i = 0; i < looks; i++) {
      int place = looks == 1 ? 0 : (int) ((long) i * (count - 1) / (looks - 1));
      measured.put(place, values.at(place));
    }
    int lower = -1;
    int upper = -1;
    int lost = 0;
    boolean passed = false;
    for (int place : measured.keySet()) {
      boolean now = passes.test(measured.get(place));
      lost += passed && !now ? 1 : 0;
      passed = now;
      if (now && upper < 0) {
        upper = place;
      }
      lower = upper < 0 ? place : lower;
    }
    while (upper >= 0 && upper - lower > 1 && lower >= 0) {
      int middle = (lower + upper) >>> 1;
      measured.put(middle, values.at(middle));
      if (passes.test(measured.get(middle))) {
        upper = middle;
      } else {
        lower = middle;
      }
    }
    return new Bracket(lower, upper, lost, measured);
  }
}
