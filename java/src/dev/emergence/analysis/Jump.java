package dev.emergence.analysis;

/**
 * Where a curve changes most.
 *
 * @param share of the whole change, from the first value to the last, that falls between {@code
 *     from} and {@code to}; above 1 where the curve has gone further than it ends, NaN where it
 *     ends as it began or where no two evaluations are close enough
 * @param change the whole change, either way, at least 0
 * @param from the step before the jump; NaN where there is none
 * @param to the step after it
 */
record Jump(double share, double change, double from, double to) {

  /**
   * The largest change between two evaluations, in the direction of the whole one; of equal ones
   * that of the closest two.
   *
   * @param steps of the evaluations, increasing
   * @param values at them; those that are not numbers are passed over
   * @param window the most steps between the two
   */
  static Jump of(double[] steps, double[] values, double window) {
    int first = next(values, 0);
    int last = values.length - 1;
    while (last > first && Double.isNaN(values[last])) {
      last--;
    }
    if (first >= last) {
      return new Jump(Double.NaN, 0, Double.NaN, Double.NaN);
    }
    double whole = values[last] - values[first];
    double best = Double.NaN;
    double from = Double.NaN;
    double to = Double.NaN;
    for (int a = first; a <= last; a = next(values, a + 1)) {
      for (int b = next(values, a + 1); b <= last; b = next(values, b + 1)) {
        if (steps[b] - steps[a] > window) {
          break;
        }
        double share = whole == 0 ? Double.NaN : (values[b] - values[a]) / whole;
        boolean closer = share == best && steps[b] - steps[a] < to - from;
        if (Double.isNaN(best) || share > best || closer) {
          best = share;
          from = steps[a];
          to = steps[b];
        }
      }
    }
    return new Jump(best, Math.abs(whole), from, to);
  }

  /** The first place from {@code at} on that has a number; the length where none has. */
  private static int next(double[] values, int at) {
    int next = at;
    while (next < values.length && Double.isNaN(values[next])) {
      next++;
    }
    return next;
  }
}
