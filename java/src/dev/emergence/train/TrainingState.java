package dev.emergence.train;

import dev.emergence.model.Layout;
import dev.emergence.model.Parameters;
import dev.emergence.tensor.Backend;
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
  Map<String, Snapshot.Array> parameters(int replica) {
    Map<String, Snapshot.Array> out = new LinkedHashMap<>();
    save("", replica, out);
    return out;
  }

  /** Adds every row of a replica, part by part. */
  void save(int replica, Map<String, Snapshot.Array> to) {
    rows.keySet().forEach(prefix -> save(prefix, replica, to));
  }

  private void save(String prefix, int replica, Map<String, Snapshot.Array> to) {
    double[] row = backend.doubles(rows.get(prefix).replica(replica));
    for (Layout.Part part : layout.parts()) {
      int start = Math.toIntExact(part.start());
      double[] values = Arrays.copyOfRange(row, start, start + Math.toIntExact(part.size()));
      to.put(prefix + part.name(), new Snapshot.Array(shape(part), values));
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
    rows.forEach((prefix, tensor) -> backend.write(tensor.replica(replica), row(prefix, from)));
  }

  private double[] row(String prefix, Snapshot from) {
    double[] row = new double[Math.toIntExact(layout.size())];
    for (Layout.Part part : layout.parts()) {
      Snapshot.Array array = from.array(prefix + part.name());
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
      System.arraycopy(
          array.values(), 0, row, Math.toIntExact(part.start()), array.values().length);
    }
    return row;
  }

  private static int[] shape(Layout.Part part) {
    return part.shape().stream().mapToInt(Integer::intValue).toArray();
  }
}
