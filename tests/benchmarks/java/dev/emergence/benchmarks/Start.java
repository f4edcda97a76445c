package dev.emergence.benchmarks;

import dev.emergence.backend.Devices;
import dev.emergence.task.Batch;
import dev.emergence.task.Replica;
import dev.emergence.task.Tasks;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;
import dev.emergence.train.Trainer;
import dev.emergence.train.Training;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** What all sides of a workload begin with: the initial weights and the first batches. */
final class Start {
  /** Batches on which all sides report their losses. */
  static final int BATCHES = 3;

  private Start() {}

  /** Name of a batch's input. @param step from 1 */
  static String input(int step) {
    return "batch." + step + ".input";
  }

  /** Name of a batch's target. */
  static String target(int step) {
    return "batch." + step + ".target";
  }

  static Arrays32 of(Workload workload) {
    Map<String, Arrays32.Entry> arrays = new LinkedHashMap<>();
    try (Backend backend = Devices.open("cpu", 1);
        Training training =
            Trainer.create(backend, List.of(workload.config()), List.of(Workload.SEED));
        Scope scope = new Scope(backend)) {
      training
          .parameters(0)
          .forEach(
              (name, a) ->
                  arrays.put(name, new Arrays32.Entry(longs(a.shape()), floats(a.values()))));
      Batch batch =
          Tasks.create(backend, scope, List.of(new Replica(workload.config(), Workload.SEED)))
              .training(workload.batch());
      Tensor step = scope.ints(1);
      for (int i = 1; i <= BATCHES; i++) {
        backend.write(step, new int[] {i});
        batch.draw(step);
        arrays.put(input(i), entry(backend, batch.input()));
        arrays.put(target(i), onePosition(entry(backend, batch.target())));
      }
    }
    return new Arrays32(arrays);
  }

  /** A target (N, 1, ...) as peers know it: one scored position needs no axis of its own. */
  private static Arrays32.Entry onePosition(Arrays32.Entry target) {
    long[] shape = target.shape();
    if (shape[1] != 1) {
      return target;
    }
    long[] squeezed = LongStream.of(shape).skip(1).toArray();
    squeezed[0] = shape[0];
    return new Arrays32.Entry(squeezed, target.values());
  }

  private static Arrays32.Entry entry(Backend backend, Tensor tensor) {
    long[] shape = Arrays.copyOfRange(tensor.shape(), 1, tensor.rank());
    if (tensor.dtype() == DType.F32) {
      return new Arrays32.Entry(shape, backend.floats(tensor));
    }
    int[] values = backend.ints(tensor);
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = values[i];
    }
    return new Arrays32.Entry(shape, floats);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static long[] longs(int[] shape) {
    return Arrays.stream(shape).asLongStream().toArray();
  }
}
