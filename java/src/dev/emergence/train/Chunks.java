package dev.emergence.train;

/**
 * How a test set is cut: into parts of equal size, the last of which may be used in part. A
 * function of the file alone, as what a part holds depends on its size.
 *
 * @param samples sequences of the test set
 * @param size sequences of a part
 */
record Chunks(long samples, int size) {
  private static final int TOKENS = 8192;
  private static final int LARGEST = 256;

  /** Parts of about 8192 tokens: enough for efficient products, few enough to stay in a cache. */
  static Chunks of(long samples, int length) {
    int wanted = Math.max(1, Math.min(LARGEST, TOKENS / length));
    return new Chunks(samples, (int) Math.min(wanted, samples));
  }

  /** Number of parts. */
  int count() {
    return Math.toIntExact((samples + size - 1) / size);
  }

  /** Sequences of part {@code i} that count. */
  int used(int i) {
    return (int) Math.min(size, samples - (long) i * size);
  }
}
