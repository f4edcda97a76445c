package dev.emergence.task;

import dev.emergence.spec.CellularAutomaton.Boundary;

/**
 * One rule of a cellular automaton: a colour for each neighbourhood.
 *
 * @param colours C
 * @param width W, odd
 * @param table C^W colours; the neighbourhood's colours are the digits of its index, the leftmost
 *     first
 */
public record AutomatonRule(int colours, int width, byte[] table) {

  /** Entries of a table, C^W. */
  public static int entries(int colours, int width) {
    return Math.toIntExact(Math.round(Math.pow(colours, width)));
  }

  /** Index of the neighbourhood of cell i of x[from .. from + cells). */
  int index(int[] x, int from, int cells, int i, Boundary boundary) {
    int index = 0;
    for (int j = i - width / 2; j <= i + width / 2; j++) {
      int colour;
      if (j >= 0 && j < cells) {
        colour = x[from + j];
      } else {
        colour = boundary == Boundary.ZERO ? 0 : x[from + Math.floorMod(j, cells)];
      }
      index = index * colours + colour;
    }
    return index;
  }

  /** One application: x[to .. to + cells) from x[from .. from + cells). */
  void apply(int[] x, int from, int to, int cells, Boundary boundary) {
    for (int i = 0; i < cells; i++) {
      x[to + i] = table[index(x, from, cells, i, boundary)];
    }
  }

  /**
   * The next state.
   *
   * @param applications k
   */
  public int[] next(int[] state, int applications, Boundary boundary) {
    int n = state.length;
    int[] x = new int[2 * n];
    System.arraycopy(state, 0, x, n, n);
    for (int a = 0; a < applications; a++) {
      System.arraycopy(x, n, x, 0, n);
      apply(x, 0, n, n, boundary);
    }
    int[] next = new int[n];
    System.arraycopy(x, n, next, 0, n);
    return next;
  }
}
