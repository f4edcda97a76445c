package dev.emergence.spec;

/**
 * Some of the scored targets of a sequence under a name, evenly spaced: {@code first}, {@code first
 * + stride}, and so on. A measure of them is a column of its own, {@code test.loss.row.3}.
 *
 * @param name words with dots between: {@code out}, {@code row.3}, {@code state.2}
 * @param first the first of them, counted from 0 among the scored targets
 * @param count how many, at least 1
 * @param stride scored targets from one to the next, at least 1
 */
public record Slice(String name, int first, int count, int stride) {
  /** Checks that it names and holds something. */
  public Slice {
    if (!name.matches("[a-z][a-z0-9_]*(\\.[a-z0-9_]+)*")) {
      throw new IllegalArgumentException(
          "a slice is named by lower-case words with dots between, got '" + name + "'");
    }
    if (first < 0 || count < 1 || stride < 1) {
      throw new IllegalArgumentException(
          "slice "
              + name
              + " needs first >= 0, count >= 1 and stride >= 1, got "
              + first
              + ", "
              + count
              + ", "
              + stride);
    }
  }

  /** Whether a scored target, counted from 0, is one of them. */
  public boolean contains(int target) {
    return target >= first && target <= last() && (target - first) % stride == 0;
  }

  /** The last of them, counted from 0 among the scored targets. */
  public int last() {
    return Math.addExact(first, Math.multiplyExact(count - 1, stride));
  }
}
