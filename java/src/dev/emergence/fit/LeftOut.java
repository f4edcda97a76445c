package dev.emergence.fit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which units a jackknife leaves out at once: each in turn, or half of them in turn.
 *
 * <p>Of very many units, groups are left out, drawn at random and as equal as can be (a
 * delete-a-group jackknife, Kott 2001).
 *
 * <p>A median hardly changes when one of its numbers goes: of an even number of seeds it then takes
 * one of two values. Its standard error comes out too small, and stays so however many seeds there
 * are. To leave out half of them mends that (Shao and Wu 1989, Annals of Statistics 17).
 *
 * @param sets of units, from 0; never empty
 * @param each how many units a set has, on average
 */
record LeftOut(List<BitSet> sets, double each) {
  /**
   * Of more units, groups of them are left out: one at a time would take the square of the time.
   */
  static final int MOST_SINGLES = 2000;

  private static final int GROUPS = 200;

  /** Where there are more halves, this many are drawn. */
  private static final int MOST = 300;

  /** Fixed, so that the same data give the same interval. */
  private static final long SEED = 0x5EED;

  /** Each unit, or each of some groups of them where they are many. */
  static LeftOut each(int units) {
    return units > MOST_SINGLES ? groups(units) : singles(units);
  }

  private static LeftOut groups(int units) {
    List<Integer> shuffled = new ArrayList<>(IntStream.range(0, units).boxed().toList());
    Collections.shuffle(shuffled, new Random(SEED));
    List<BitSet> sets = Stream.generate(BitSet::new).limit(GROUPS).toList();
    for (int i = 0; i < units; i++) {
      sets.get(i % GROUPS).set(shuffled.get(i));
    }
    return new LeftOut(sets, units / (double) GROUPS);
  }

  private static LeftOut singles(int units) {
    List<BitSet> sets = new ArrayList<>();
    for (int unit = 0; unit < units; unit++) {
      BitSet one = new BitSet();
      one.set(unit);
      sets.add(one);
    }
    return new LeftOut(sets, 1);
  }

  /** Half of the units, rounded down: all of these sets, or some at random where they are many. */
  static LeftOut halves(int units) {
    int half = units / 2;
    List<BitSet> sets = new ArrayList<>();
    if (count(units, half) <= MOST) {
      add(units, half, 0, new BitSet(), sets);
    } else {
      SplittableRandom random = new SplittableRandom(SEED);
      for (int i = 0; i < MOST; i++) {
        sets.add(drawn(units, half, random));
      }
    }
    return new LeftOut(sets, half);
  }

  /** By what the sum of squared deviations of the estimates is multiplied to give a variance. */
  double factor(int units) {
    return (units - each) / (each * sets.size());
  }

  private static double count(int units, int some) {
    double count = 1;
    for (int i = 1; i <= some; i++) {
      count *= (units - some + i) / (double) i;
    }
    return count;
  }

  private static void add(int units, int more, int from, BitSet begun, List<BitSet> to) {
    if (more == 0) {
      to.add((BitSet) begun.clone());
      return;
    }
    for (int unit = from; unit <= units - more; unit++) {
      begun.set(unit);
      add(units, more - 1, unit + 1, begun, to);
      begun.clear(unit);
    }
  }

  private static BitSet drawn(int units, int some, SplittableRandom random) {
    BitSet set = new BitSet();
    while (set.cardinality() < some) {
      set.set(random.nextInt(units));
    }
    return set;
  }
}
