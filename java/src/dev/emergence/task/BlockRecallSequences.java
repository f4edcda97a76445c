package dev.emergence.task;

import dev.emergence.spec.BlockRecall;
import dev.emergence.tensor.RandomLane;
import dev.emergence.tensor.RandomStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Data of {@link BlockRecall}. The relevant attributes are a uniform subset by Floyd's algorithm,
 * words 0..k-1 of lane 0 of the task's stream. In a sequence
 *
 * <ul>
 *   <li>attribute a of block b is bounded(b · m + a, A) of lane 0; the query is block N;
 *   <li>the relevant attributes of block b, as digits of a number, the first the most significant,
 *       are entry b of a partial shuffle (Fisher and Yates) of 0..A^k-1 with two words a block of
 *       lane 1: no two blocks agree in all of them;
 *   <li>the value of block b is bounded(b, V) of lane 2;
 *   <li>the query asks for block bounded(0, N) of lane 3, whose relevant attributes it takes.
 * </ul>
 */
final class BlockRecallSequences implements SequenceTask {
  private static final int ATTRIBUTES = 0;
  private static final int CODES = 1;
  private static final int VALUES = 2;
  private static final int QUERY = 3;
  private static final String PARENTS = "parents";

  private final BlockRecall spec;
  private final int[] relevant;

  BlockRecallSequences(BlockRecall spec, int[] relevant) {
    this.spec = spec;
    this.relevant = relevant.clone();
  }

  static BlockRecallSequences of(BlockRecall spec, RandomStream task) {
    return new BlockRecallSequences(
        spec, SparseMatrix.subset(spec.relevant(), spec.attributes(), task.lane(0, 0, 0)));
  }

  BlockRecall spec() {
    return spec;
  }

  /** The attributes that count, rising. */
  int[] relevant() {
    return relevant.clone();
  }

  @Override
  public void draw(RandomStream stream, int step, int n, SequenceOut out) {
    int blocks = spec.blocks();
    int width = spec.attributes() + 1;
    RandomLane attributes = stream.lane(ATTRIBUTES, step, n);
    for (int b = 0; b <= blocks; b++) {
      for (int a = 0; a < spec.attributes(); a++) {
        int word = b * spec.attributes() + a;
        out.token(b * width + a, attributes.bounded(word, spec.alphabet()));
      }
    }
    int asked = stream.lane(QUERY, step, n).bounded(0, blocks);
    long[] codes = codes(stream.lane(CODES, step, n));
    for (int b = 0; b <= blocks; b++) {
      write(codes[b == blocks ? asked : b], b * width, out);
    }
    RandomLane values = stream.lane(VALUES, step, n);
    for (int b = 0; b < blocks; b++) {
      int value = values.bounded(b, spec.values());
      out.token(b * width + spec.attributes(), spec.alphabet() + value);
      if (b == asked) {
        out.target(0, value);
      }
    }
    out.attends(0, 0, spec.length() - 1, asked * width + spec.attributes());
  }

  /** Different codes, one a block. */
  private long[] codes(RandomLane lane) {
    long all = spec.codes();
    Map<Long, Long> moved = new HashMap<>();
    long[] codes = new long[spec.blocks()];
    for (int b = 0; b < codes.length; b++) {
      long drawn = b + bounded(lane, b, all - b);
      codes[b] = moved.getOrDefault(drawn, drawn);
      moved.put(drawn, moved.getOrDefault((long) b, (long) b));
    }
    return codes;
  }

  /** An integer from 0 to n - 1, n at most 2^60, from the 63 upper bits of words 2i and 2i + 1. */
  private static long bounded(RandomLane lane, int i, long n) {
    long bits = (long) lane.word(2L * i) << 32 | lane.word(2L * i + 1) & 0xFFFFFFFFL;
    return Math.multiplyHigh(bits >>> 1, n << 1);
  }

  private void write(long code, int block, SequenceOut out) {
    long rest = code;
    for (int i = relevant.length - 1; i >= 0; i--) {
      out.token(block + relevant[i], (int) (rest % spec.alphabet()));
      rest /= spec.alphabet();
    }
  }

  @Override
  public List<Attending> attending() {
    return List.of(new Attending(PARENTS, 1, 1));
  }

  @Override
  public List<Level> levels(String testSet) {
    return ContextLevels.of(
        spec.blocks(), spec.values(), "the value of the block that agrees with the query");
  }
}
