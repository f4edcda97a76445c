package dev.emergence.task;

import dev.emergence.tensor.RandomLane;
import java.util.Arrays;

/** Uniform draws without replacement on the host. */
final class Shuffle {
  private Shuffle() {}

  /**
   * The first {@code count} entries of a Fisher-Yates shuffle of 0..n-1: entry i is swapped with i
   * + bounded(i, n - i).
   */
  static int[] first(int count, int n, RandomLane lane) {
    int[] elements = new int[n];
    Arrays.setAll(elements, i -> i);
    for (int i = 0; i < count; i++) {
      int drawn = i + lane.bounded(i, n - i);
      int chosen = elements[drawn];
      elements[drawn] = elements[i];
      elements[i] = chosen;
    }
    return Arrays.copyOf(elements, count);
  }
}
