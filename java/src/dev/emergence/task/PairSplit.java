package dev.emergence.task;

import dev.emergence.spec.ModularAddition;
import dev.emergence.spec.ModularAddition.Split;
import dev.emergence.tensor.RandomLane;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * The pairs of numbers of a run, split into those for training and those held out. Pair (a, b) is
 * number a p + b.
 *
 * @param training rising
 * @param heldOut the others, rising
 */
record PairSplit(int modulus, int[] training, int[] heldOut) {

  /**
   * The first pairs of a shuffle ({@link Shuffle#first}) are for training: of all pairs, or of
   * those whose second number is not below the first, each with its mirrored pair. Both are in the
   * order of their numbers before they are shuffled.
   */
  static PairSplit draw(ModularAddition spec, RandomLane lane) {
    int p = spec.modulus();
    boolean together = spec.split() == Split.UNORDERED;
    int[] drawable =
        IntStream.range(0, p * p).filter(pair -> !together || pair % p >= pair / p).toArray();
    BitSet training = new BitSet(p * p);
    for (int i : Shuffle.first(spec.drawn(), drawable.length, lane)) {
      training.set(drawable[i]);
      if (together) {
        training.set(mirrored(drawable[i], p));
      }
    }
    int[] heldOut = IntStream.range(0, p * p).filter(pair -> !training.get(pair)).toArray();
    return new PairSplit(p, training.stream().toArray(), heldOut);
  }

  private static int mirrored(int pair, int p) {
    return pair % p * p + pair / p;
  }

  /** The share of the held-out pairs whose mirrored pair is for training. */
  double mirrored() {
    long found =
        Arrays.stream(heldOut)
            .filter(pair -> Arrays.binarySearch(training, mirrored(pair, modulus)) >= 0)
            .count();
    return found / (double) heldOut.length;
  }
}
