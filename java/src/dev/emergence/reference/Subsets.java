package dev.emergence.reference;

/** Draws without replacement. */
final class Subsets {
  private Subsets() {}

  /**
   * One step of Floyd's algorithm (Bentley and Floyd 1987): for last = n-k, ..., n-1 this marks a
   * uniform subset of k of 0..n-1.
   *
   * @param drawn uniform in 0..last: marked unless it is already, then {@code last} is
   */
  static void floyd(int[] marks, int row, int last, int drawn) {
    marks[row + (marks[row + drawn] == 0 ? drawn : last)] = 1;
  }

  /**
   * One step of a partial shuffle (Fisher and Yates): swaps element i with one drawn from i..n-1
   * and returns it.
   */
  static int shuffle(int[] elements, int i, int drawn) {
    int chosen = elements[drawn];
    elements[drawn] = elements[i];
    elements[i] = chosen;
    return chosen;
  }
}
