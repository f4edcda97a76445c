package dev.emergence.task;

import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A square matrix of zeros and ones with equally many ones in each row.
 *
 * @param rows for each row the columns that hold a one, rising
 */
public record SparseMatrix(int[][] rows) {

  /**
   * Rows drawn independently and uniformly, duplicates allowed (Baherwani et al. 2026): row i is
   * what Floyd's algorithm (Bentley and Floyd 1987) draws with words 0..s-1 of lane 0 of sample i.
   *
   * @param cells S
   * @param ones s
   */
  public static SparseMatrix draw(int cells, int ones, RandomStream stream) {
    int[][] rows = new int[cells][];
    for (int i = 0; i < cells; i++) {
      rows[i] = subset(ones, cells, stream.lane(0, 0, i));
    }
    return new SparseMatrix(rows);
  }

  /** A uniform subset of {@code count} of 0..n-1, rising: word i decides its i-th step. */
  static int[] subset(int count, int n, RandomLane lane) {
    BitSet chosen = new BitSet(n);
    for (int i = 0; i < count; i++) {
      int last = n - count + i;
      int drawn = lane.bounded(i, last + 1);
      chosen.set(chosen.get(drawn) ? last : drawn);
    }
    return chosen.stream().toArray();
  }

  /** Rows and columns, S. */
  public int size() {
    return rows.length;
  }

  /** Whether row i has a one in column j. */
  public boolean at(int i, int j) {
    return Arrays.binarySearch(rows[i], j) >= 0;
  }

  /** out[to + i] = sum of the cells of row i modulo {@code modulus}, for the first rows. */
  void apply(int[] x, int from, int to, int written, int modulus) {
    for (int i = 0; i < written; i++) {
      int sum = 0;
      for (int j : rows[i]) {
        sum += x[from + j];
      }
      x[to + i] = sum % modulus;
    }
  }

  /** A x mod C. */
  public int[] times(int[] x, int modulus) {
    int[] both = Arrays.copyOf(x, 2 * x.length);
    apply(both, 0, x.length, x.length, modulus);
    return Arrays.copyOfRange(both, x.length, 2 * x.length);
  }

  /**
   * How many tokens the sparsest way to a row reads, averaged over the rows after the first: its s
   * cells, or one output before it and the cells in which the two rows differ. With many ones the
   * second is shorter, which makes the dense end easy. Of a single row it is s.
   */
  public double effectiveParents() {
    double sum = 0;
    for (int i = 1; i < rows.length; i++) {
      int best = rows[i].length;
      for (int j = 0; j < i; j++) {
        BitSet difference = set(rows[i]);
        difference.xor(set(rows[j]));
        best = Math.min(best, 1 + difference.cardinality());
      }
      sum += best;
    }
    return rows.length == 1 ? rows[0].length : sum / (rows.length - 1);
  }

  private static BitSet set(int[] row) {
    BitSet set = new BitSet();
    Arrays.stream(row).forEach(set::set);
    return set;
  }
}
