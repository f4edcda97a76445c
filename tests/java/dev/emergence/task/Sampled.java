package dev.emergence.task;

import dev.emergence.spec.Loss;
import dev.emergence.spec.Prediction;
import dev.emergence.task.SequenceTask.Attending;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.HostArray;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sequences that a task in plain Java draws from the training stream of a seed, without any
 * backend.
 *
 * @param tokens [n][L]; empty where tokens are vectors
 * @param vectors [n][L · inputs]; empty where tokens are integers
 * @param targets [n][Q]; empty where targets are vectors
 * @param wanted [n][Q · outputs]; empty where targets are integers
 * @param attention [kind][n][entry]: the query, then its keys, -1 where there is none
 * @param foils [n][Q]; meaningful for prompts, empty where targets are vectors
 */
public record Sampled(
    int[][] tokens,
    float[][] vectors,
    int[][] targets,
    float[][] wanted,
    int[][][][] attention,
    int[][] foils) {

  /** The first {@code count} sequences of batch {@code step}. */
  public static Sampled of(SequenceTask task, Prediction shape, int seed, int step, int count) {
    List<HostArray> arrays = room(task, shape, count);
    SequenceOut out = new SequenceOut(shape, task.attending(), arrays);
    RandomStream stream = RandomStream.of(seed, Purpose.DATA);
    for (int n = 0; n < count; n++) {
      task.draw(stream, step, n, out.sequence(n));
    }
    boolean vectors = arrays.get(0).isFloats();
    boolean regression = arrays.get(1).isFloats();
    return new Sampled(
        vectors ? new int[0][] : rows(arrays.get(0).ints(), count),
        vectors ? rows(arrays.get(0).floats(), count) : new float[0][],
        regression ? new int[0][] : rows(arrays.get(1).ints(), count),
        regression ? rows(arrays.get(1).floats(), count) : new float[0][],
        attention(task.attending(), arrays, count),
        regression ? new int[0][] : rows(arrays.get(arrays.size() - 1).ints(), count));
  }

  private static List<HostArray> room(SequenceTask task, Prediction shape, int count) {
    List<HostArray> arrays = new ArrayList<>();
    long width = shape.discrete() ? 1 : shape.inputs();
    arrays.add(
        new HostArray(shape.discrete() ? DType.I32 : DType.F32, count * shape.length() * width));
    boolean classes = shape.loss() == Loss.CROSS_ENTROPY;
    long outputs = classes ? 1 : shape.outputs();
    long targets = count * shape.scored().count() * outputs;
    arrays.add(new HostArray(classes ? DType.I32 : DType.F32, targets));
    for (Attending kind : task.attending()) {
      arrays.add(new HostArray(DType.I32, (long) count * kind.queries()));
      arrays.add(new HostArray(DType.I32, (long) count * kind.queries() * kind.keys()));
    }
    if (classes) {
      arrays.add(new HostArray(DType.I32, targets));
    }
    for (HostArray array : arrays) {
      // What a draw forgets to write shows.
      if (array.isFloats()) {
        Arrays.fill(array.floats(), Float.NaN);
      } else {
        Arrays.fill(array.ints(), Integer.MIN_VALUE);
      }
    }
    return arrays;
  }

  private static int[][] rows(int[] all, int count) {
    int width = all.length / count;
    int[][] rows = new int[count][];
    Arrays.setAll(rows, n -> Arrays.copyOfRange(all, n * width, (n + 1) * width));
    return rows;
  }

  private static float[][] rows(float[] all, int count) {
    int width = all.length / count;
    float[][] rows = new float[count][];
    Arrays.setAll(rows, n -> Arrays.copyOfRange(all, n * width, (n + 1) * width));
    return rows;
  }

  private static int[][][][] attention(List<Attending> kinds, List<HostArray> arrays, int count) {
    int[][][][] all = new int[kinds.size()][count][][];
    for (int k = 0; k < kinds.size(); k++) {
      int entries = kinds.get(k).queries();
      int[][] queries = rows(arrays.get(2 + 2 * k).ints(), count);
      int[][] keys = rows(arrays.get(3 + 2 * k).ints(), count * entries);
      for (int n = 0; n < count; n++) {
        all[k][n] = new int[entries][];
        for (int e = 0; e < entries; e++) {
          int[] list = new int[1 + keys[0].length];
          list[0] = queries[n][e];
          System.arraycopy(keys[n * entries + e], 0, list, 1, keys[0].length);
          all[k][n][e] = list;
        }
      }
    }
    return all;
  }

  /** State {@code t} of sequence {@code n}. */
  public int[] state(int n, int t, int cells) {
    return Arrays.copyOfRange(tokens[n], t * cells, Math.min(tokens[n].length, (t + 1) * cells));
  }

  /** Whether both hold the same sequences, bit for bit. */
  public boolean same(Sampled other) {
    return Arrays.deepEquals(tokens, other.tokens)
        && Arrays.deepEquals(vectors, other.vectors)
        && Arrays.deepEquals(targets, other.targets)
        && Arrays.deepEquals(wanted, other.wanted)
        && Arrays.deepEquals(attention, other.attention);
  }
}
