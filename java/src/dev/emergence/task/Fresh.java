package dev.emergence.task;

import dev.emergence.spec.SyntheticLanguage.Range;
import dev.emergence.tensor.RandomLane;
import java.util.TreeSet;

/** Tokens of a class, each drawn once at most, uniformly among those that are left. */
final class Fresh {
  private final Range range;
  private final TreeSet<Integer> taken = new TreeSet<>();

  Fresh(Range range) {
    this.range = range;
  }

  /** How many are left. */
  int left() {
    return range.count() - taken.size();
  }

  /** Number bounded(word, left) of those that are left, in rising order. */
  int next(RandomLane lane, long word) {
    int token = range.first() + lane.bounded(word, left());
    for (int other : taken) {
      if (other <= token) {
        token++;
      }
    }
    taken.add(token);
    return token;
  }
}
