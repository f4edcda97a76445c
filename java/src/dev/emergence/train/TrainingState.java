package dev.emergence.train;

import dev.emergence.model.Layout;
import dev.emergence.model.Parameters;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.ShapedArray;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Rows of P numbers, of parameters and of what an optimiser carries, as named arrays of a snapshot
 * and back.
 */
final class TrainingState {
  private final Backend backend;
  private final Layout layout;
  private final Map<String, Tensor> rows = new LinkedHashMap<>();

  TrainingState(Backend backend, Parameters parameters, Map<String, Tensor> optimizer) {
    this.backend = backend;
    this.layout = parameters.layout();
    rows.put("", parameters.values());
    optimizer.forEach((name, row) -> rows.put(name + ".", row));
  }

  /** The parameters of a replica. */
  Map<String, ShapedArray> parameters(int replica) {
    Map<String, ShapedArray> out = new LinkedHashMap<>();
    save("", replica, out);
    return out;
  }

  /** Adds every row of a replica, part by part. */
  void save(int replica, Map<String, ShapedArray> to) {
    rows.keySet().forEach(prefix -> save(prefix, replica, to));
  }

  private void save(String prefix, int replica, Map<String, ShapedArray> to) {
    Tensor row = rows.get(prefix).replica(replica);
    if (backend.isFloat64()) {
      double[] all = backend.doubles(row);
      each((part, start, end) -> put(to, prefix, part, Arrays.copyOfRange(all, start, end)));
    } else {
      float[] all = backend.floats(row);
      each((part, start, end) -> put(to, prefix, part, Arrays.copyOfRange(all, start, end)));
    }
  }

  private static void put(
      Map<String, ShapedArray> to, String prefix, Layout.Part part, double[] values) {
    to.put(prefix + part.name(), new ShapedArray(shape(part), values));
  }

  private static void put(
      Map<String, ShapedArray> to, String prefix, Layout.Part part, float[] values) {
    to.put(prefix + part.name(), new ShapedArray(shape(part), values));
  }

  /** Takes a part and its place in a row. */
  private interface Visitor {
    void visit(Layout.Part part, int start, int end);
  }

  private void each(Visitor visitor) {
    for (Layout.Part part : layout.parts()) {
      int start = Math.toIntExact(part.start());
      visitor.visit(part, start, start + Math.toIntExact(part.size()));
    }
  }

  /** Rows of zeros, but for the parameters. */
  void clear(int replica) {
    rows.forEach(
        (prefix, tensor) -> {
          if (!prefix.isEmpty()) {
            backend.zero(tensor.replica(replica));
          }
        });
  }

  /**
   * Writes every row of a replica.
   *
   * @throws IllegalArgumentException naming the array that is missing or has another shape
   */
  void restore(int replica, Snapshot from) {
    rows.forEach((prefix, tensor) -> restore(prefix, tensor.replica(replica), from));
  }

  private void restore(String prefix, Tensor to, Snapshot from) {
    int size = Math.toIntExact(layout.size());
    if (layout.parts().stream().allMatch(p -> array(prefix, p, from).floats().isPresent())) {
      float[] row = new float[size];
      each(
          (part, start, end) ->
              System.arraycopy(
                  array(prefix, part, from).floats().orElseThrow(), 0, row, start, end - start));
      backend.write(to, row);
    } else {
      double[] row = new double[size];
      each(
          (part, start, end) ->
              System.arraycopy(array(prefix, part, from).values(), 0, row, start, end - start));
      backend.write(to, row);
    }
  }

  private static ShapedArray array(String prefix, Layout.Part part, Snapshot from) {
    ShapedArray array = from.array(prefix + part.name());
    if (!Arrays.equals(array.shape(), shape(part))) {
      throw new IllegalArgumentException(
          "snapshot array '"
              + prefix
              + part.name()
              + "' has shape "
              + Arrays.toString(array.shape())
              + "; this model needs "
              + part.shape());
    }
    return array;
  }

  private static int[] shape(Layout.Part part) {
    return part.shape().stream().mapToInt(Integer::intValue).toArray();
  }
}
