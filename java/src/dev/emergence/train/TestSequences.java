package dev.emergence.train;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.Span;
import dev.emergence.task.Batch;
import dev.emergence.task.Replica;
import dev.emergence.task.Tasks;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.ShapedArray;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The sequences on which a run is measured, as arrays for other programs: those of its evaluations,
 * in their order. Whole numbers are the same on every backend; normal numbers may differ in the
 * last bits from those of a run that another one has trained.
 */
public final class TestSequences {
  private final Backend backend;
  private final int samples;
  private final Map<String, double[]> numbers = new LinkedHashMap<>();
  private final Map<String, int[]> shapes = new LinkedHashMap<>();

  private TestSequences(Backend backend, int samples) {
    this.backend = backend;
    this.samples = samples;
  }

  /**
   * The sequences of one test set. N is their number, L their tokens, Q the scored positions.
   *
   * @param backend where they are drawn; stays the caller's
   * @return {@code input}: tokens (N, L), or vectors (N, L, inputs); {@code scored} (Q): the
   *     positions whose predictions have a target; {@code target}: classes (N, Q) with -1 where
   *     nothing is scored, or vectors (N, Q, outputs); {@code foil} (N, Q) of prompts; and of each
   *     ground truth of attention {@code NAME.queries} (N, E) and {@code NAME.keys} (N, E, P),
   *     positions filled up with -1
   */
  public static Map<String, ShapedArray> of(Backend backend, Replica run, String testSet) {
    RunConfig config = run.config();
    Chunks chunks =
        Chunks.of(config.measurement().evaluateSamples(), config.task().predicts().length());
    TestSequences out = new TestSequences(backend, Math.toIntExact(chunks.samples()));
    try (Scope scope = new Scope(backend)) {
      Batch batch = Tasks.create(backend, scope, List.of(run)).test(testSet, chunks.size());
      Map<String, Tensor> tensors = tensors(batch);
      Tensor part = scope.ints(1);
      for (int i = 0; i < chunks.count(); i++) {
        backend.write(part, new int[] {i});
        batch.draw(part);
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
          out.add(tensor.getKey(), tensor.getValue(), i * chunks.size(), chunks.used(i));
        }
      }
    }
    return out.arrays(config.task().predicts().scored());
  }

  private static Map<String, Tensor> tensors(Batch batch) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    out.put("input", batch.input());
    out.put("target", batch.target());
    batch.foil().ifPresent(foil -> out.put("foil", foil));
    for (Parents parents : batch.parents()) {
      out.put(parents.name() + ".queries", parents.queries());
      out.put(parents.name() + ".keys", parents.keys());
    }
    return out;
  }

  /** Lists that all sequences share are given to each. */
  private void add(String name, Tensor tensor, int first, int used) {
    double[] drawn =
        tensor.dtype() == DType.I32
            ? Arrays.stream(backend.ints(tensor)).asDoubleStream().toArray()
            : backend.doubles(tensor);
    int each = drawn.length / tensor.dim(1);
    double[] to = numbers.computeIfAbsent(name, n -> new double[Math.multiplyExact(samples, each)]);
    for (int n = 0; n < used; n++) {
      int from = tensor.dim(1) == 1 ? 0 : n * each;
      System.arraycopy(drawn, from, to, (first + n) * each, each);
    }
    int[] shape =
        IntStream.range(1, tensor.rank()).map(i -> i == 1 ? samples : tensor.dim(i)).toArray();
    shapes.put(name, shape);
  }

  private Map<String, ShapedArray> arrays(Span scored) {
    Map<String, ShapedArray> out = new LinkedHashMap<>();
    double[] positions = IntStream.range(scored.first(), scored.end()).asDoubleStream().toArray();
    out.put("scored", ShapedArray.lossless(new int[] {positions.length}, positions));
    numbers.forEach((name, all) -> out.put(name, ShapedArray.lossless(shapes.get(name), all)));
    return out;
  }
}
