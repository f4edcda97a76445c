package dev.emergence.page;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Chooses the rows of a curve that a screen can show: of each bucket of steps the first, last,
 * least and greatest, so that no spike is lost. The edges of buckets are powers of two of rows, so
 * that a curve that grows moves no earlier point until it has twice as many rows, and a longer
 * curve's edges are rows of a shorter one too: the page sums groups up at the rows that all share.
 */
final class Thinning {
  private Thinning() {}

  /**
   * The rows to show, ascending; all where there are no more than asked for.
   *
   * @param values the metric; NaN where it was not measured
   * @param most about how many rows are shown
   * @param always rows that are shown in any case, such as crossings
   */
  static int[] rows(double[] values, int most, Set<Integer> always) {
    int n = values.length;
    if (n <= most) {
      return java.util.stream.IntStream.range(0, n).toArray();
    }
    int width = 1;
    while (4L * n / width > most) {
      width *= 2;
    }
    TreeSet<Integer> out = new TreeSet<>(always);
    for (int from = 0; from < n; from += width) {
      out.addAll(bucket(values, from, Math.min(n, from + width)));
    }
    return out.stream().mapToInt(row -> row).toArray();
  }

  private static TreeSet<Integer> bucket(double[] values, int from, int to) {
    TreeSet<Integer> kept = new TreeSet<>(List.of(from, to - 1));
    int least = -1;
    int greatest = -1;
    for (int row = from; row < to; row++) {
      if (Double.isNaN(values[row])) {
        continue;
      }
      least = least < 0 || values[row] < values[least] ? row : least;
      greatest = greatest < 0 || values[row] > values[greatest] ? row : greatest;
    }
    if (least >= 0) {
      kept.add(least);
      kept.add(greatest);
    }
    return kept;
  }
}
