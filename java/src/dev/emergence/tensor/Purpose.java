package dev.emergence.tensor;

/**
 * What random numbers are drawn for. Seed and purpose are the key of a {@link Philox} stream, so streams of one run never meet and
 * nothing drawn for one purpose moves what is drawn for another.
 */
public enum Purpose {
  /** What a run's task is: W*, x̃, fixed positions, favoured tokens. */
  TASK(1),
  /** Initial parameters. */
  INIT(2),
  /** Training batches. */
  DATA(3),
  /** Test batches. */
  TEST(4);

  private final int code;

  Purpose(int code) {
    this.code = code;
  }

  /** The two words of the Philox key: the seed and the purpose. */
  public int[] key(int seed) {
    return new int[] {seed, code};
  }
}
