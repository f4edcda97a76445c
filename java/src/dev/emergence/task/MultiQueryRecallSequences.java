package dev.emergence.task;

import dev.emergence.spec.MultiQueryRecall;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import java.util.List;

/**
 * Data of {@link MultiQueryRecall}. The keys of the pairs are the first ones of a shuffle of all
 * keys by lane 0 ({@link Shuffle}), the value of pair i is bounded(i, V) of lane 1, and query q
 * asks for entry q of a shuffle of the pairs by lane 2.
 */
final class MultiQueryRecallSequences implements SequenceTask {
  private static final int KEYS = 0;
  private static final int VALUES = 1;
  private static final int QUERIES = 2;
  private static final int PARENTS = 0;
  private static final int VALUE_TO_KEY = 1;

  private final MultiQueryRecall spec;

  MultiQueryRecallSequences(MultiQueryRecall spec) {
    this.spec = spec;
  }

  @Override
  public void draw(RandomStream stream, int step, int n, SequenceOut out) {
    int pairs = spec.pairs();
    int[] keys = Shuffle.first(pairs, spec.keys(), stream.lane(KEYS, step, n));
    RandomLane values = stream.lane(VALUES, step, n);
    for (int i = 0; i < pairs; i++) {
      out.token(2 * i, keys[i]);
      out.token(2 * i + 1, spec.keys() + values.bounded(i, spec.values()));
    }
    int[] asked = Shuffle.first(spec.queries(), pairs, stream.lane(QUERIES, step, n));
    for (int q = 0; q < asked.length; q++) {
      int pair = asked[q];
      out.token(2 * pairs + q, keys[pair]);
      out.target(q, values.bounded(pair, spec.values()));
      out.attends(PARENTS, q, 2 * pairs + q, 2 * pair + 1);
      out.attends(VALUE_TO_KEY, q, 2 * pair + 1, 2 * pair);
    }
  }

  /** The value of its pair for each query; the key for each value that is asked for. */
  @Override
  public List<Attending> attending() {
    return List.of(
        new Attending("parents", spec.queries(), 1),
        new Attending("value_to_key", spec.queries(), 1));
  }

  @Override
  public List<Level> levels(String testSet) {
    return ContextLevels.of(spec.pairs(), spec.values(), "the value of the pair of the key");
  }
}
