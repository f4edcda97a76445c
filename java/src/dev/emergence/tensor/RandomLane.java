package dev.emergence.tensor;

import org.apiguardian.api.API;

/**
 * The random numbers for one quantity of one sample of one batch: an endless sequence of 32-bit
 * words. A word depends only on its place. Word {@code i} is word {@code i mod 4} of the
 * Philox4x32-10 block with key (k0, k1) and counter
 *
 * <pre>(c0, c1, c2, c3) = (i / 4, sample, step, lane)</pre>
 *
 * Numbers are computed from words without rejection, so that vectorised code uses the same words
 * for the same numbers. Not thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL)
public final class RandomLane {
  private static final double ULP = 0x1p-24;
  private final RandomStream stream;
  private final int lane;
  private final int step;
  private final int sample;
  private final int[] block = new int[4];
  private long held = -1;

  /** The first of the two normal numbers whose radius and angle are kept; they share both. */
  private long pair = -1;

  private double r;
  private double angle;

  RandomLane(RandomStream stream, int lane, int step, int sample) {
    this.stream = stream;
    this.lane = lane;
    this.step = step;
    this.sample = sample;
  }

  /**
   * Word {@code i}.
   *
   * @param i from 0 to 2^34 - 1
   */
  public int word(long i) {
    long wanted = i >>> 2;
    if (wanted != held) {
      block[0] = (int) wanted;
      block[1] = sample;
      block[2] = step;
      block[3] = lane;
      Philox.block(stream.k0(), stream.k1(), block);
      held = wanted;
    }
    return block[(int) (i & 3)];
  }

  /** A number uniform in [0, 1), a multiple of 2^-24: the upper 24 bits of word {@code i}. */
  public double uniform(long i) {
    return (word(i) >>> 8) * ULP;
  }

  /**
   * An integer uniform in 0 to n - 1: the upper half of the 64-bit product of word {@code i} and n.
   * Its bias is below n / 2^32.
   */
  public int bounded(long i, int n) {
    return (int) (((word(i) & 0xFFFFFFFFL) * n) >>> 32);
  }

  /** True with probability p, taken as float32: when {@link #uniform} is below p. */
  public boolean coin(long i, double p) {
    return uniform(i) < (float) p;
  }

  /**
   * True with probability successes / trials, exactly: when the upper 24 bits of the word times
   * trials are below successes · 2^24.
   */
  public boolean coin(long i, long successes, long trials) {
    return (word(i) >>> 8) * trials < successes << 24;
  }

  /**
   * A standard normal number, by the transform of Box and Muller (1958). Words 2j and 2j + 1 give
   * the two numbers r cos 2πu₂ and r sin 2πu₂. Here r = sqrt(-2 ln u₁), u₁ = (the upper 24 bits of
   * word 2j, plus 1) · 2^-24 in (0, 1], and u₂ = {@link #uniform} of word 2j + 1. The absolute
   * value is at most 5.77.
   */
  public double normal(long i) {
    long first = i & ~1L;
    if (first != pair) {
      double u1 = ((word(first) >>> 8) + 1) * ULP;
      angle = 2 * Math.PI * uniform(first + 1);
      r = Math.sqrt(-2 * StrictMath.log(u1));
      pair = first;
    }
    return r * ((i & 1) == 0 ? StrictMath.cos(angle) : StrictMath.sin(angle));
  }
}
