package dev.emergence.train;

import dev.emergence.spec.Slice;
import dev.emergence.tensor.Tensor;

/**
 * A number for each scored target of a part, on the host.
 *
 * @param values (R, N, Q), the targets of a sequence side by side
 * @param replicas R
 * @param sequences N
 */
record ScoredValues(double[] values, int replicas, int sequences) {

  /** Reads (R, N * Q). */
  static ScoredValues read(Probe.Place place, Tensor values) {
    return new ScoredValues(place.backend().doubles(values), values.replicas(), place.sequences());
  }

  /** Scored targets of a sequence, Q. */
  int targets() {
    return values.length / replicas / sequences;
  }

  double at(int replica, int sequence, int target) {
    return values[(replica * sequences + sequence) * targets() + target];
  }

  /** Adds all targets of the first {@code used} sequences to a column. */
  void add(Means means, String column, int used) {
    add(means, column, used, new Slice("all", 0, targets(), 1));
  }

  /** Adds the targets of a slice. */
  void add(Means means, String column, int used, Slice slice) {
    int at = means.at(column);
    for (int r = 0; r < replicas; r++) {
      for (int n = 0; n < used; n++) {
        for (int i = 0; i < slice.count(); i++) {
          means.add(r, at, at(r, n, slice.first() + i * slice.stride()));
        }
      }
    }
  }
}
