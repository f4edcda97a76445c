package dev.emergence.spec;

/**
 * Neighbouring positions of a sequence.
 *
 * @param first the first position, from 0
 * @param count how many, at least 1
 */
public record Span(int first, int count) {
  /** Checks that it holds a position. */
  public Span {
    if (first < 0 || count < 1) {
      throw new IllegalArgumentException(
          "a span begins at 0 or later and holds a position at least, got first "
              + first
              + " and count "
              + count);
    }
  }

  /** The last position alone. */
  public static Span last(int length) {
    return new Span(length - 1, 1);
  }

  /** Every position. */
  public static Span all(int length) {
    return new Span(0, length);
  }

  /** One past the last position. */
  public int end() {
    return first + count;
  }
}
