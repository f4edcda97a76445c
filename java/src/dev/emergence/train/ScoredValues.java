package dev.emergence.train;

import dev.emergence.spec.Slice;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A number for each target of a part, on the host.
 *
 * @param values (R, N, Q), the targets of a sequence side by side
 * @param classes of the targets, as {@code values}; -1 where nothing is scored. Absent when targets
 *     are vectors, which are all scored
 * @param replicas R
 * @param sequences N
 */
record ScoredValues(double[] values, Optional<int[]> classes, int replicas, int sequences) {

  /** Reads (R, N * Q). */
  static ScoredValues read(Probe.Place place, Tensor values) {
    return new ScoredValues(
        place.backend().doubles(values),
        place.objective().classes().map(place.backend()::ints),
        values.replicas(),
        place.sequences());
  }

  /** The same places with other numbers, each made of its index and its number. */
  ScoredValues map(IntToDouble change) {
    double[] changed = new double[values.length];
    Arrays.setAll(changed, i -> change.of(i, values[i]));
    return new ScoredValues(changed, classes, replicas, sequences);
  }

  /** Makes a number of a place's index and its number. */
  interface IntToDouble {
    /** The new number. */
    double of(int index, double value);
  }

  /** Targets of a sequence, Q. */
  int targets() {
    return values.length / replicas / sequences;
  }

  private int index(int replica, int sequence, int target) {
    return (replica * sequences + sequence) * targets() + target;
  }

  double at(int replica, int sequence, int target) {
    return values[index(replica, sequence, target)];
  }

  /** Whether this target takes part in means. */
  boolean isScored(int replica, int sequence, int target) {
    int index = index(replica, sequence, target);
    return classes.isEmpty() || classes.get()[index] >= 0;
  }

  /** Whether any target of this sequence takes part in means. */
  boolean isScored(int replica, int sequence) {
    return IntStream.range(0, targets()).anyMatch(target -> isScored(replica, sequence, target));
  }

  /** Adds all scored targets of the first {@code used} sequences to a column. */
  void add(Means means, String column, int used) {
    add(means, column, used, new Slice("all", 0, targets(), 1));
  }

  /** Adds the scored targets of a slice. */
  void add(Means means, String column, int used, Slice slice) {
    int at = means.at(column);
    for (int r = 0; r < replicas; r++) {
      for (int n = 0; n < used; n++) {
        for (int i = 0; i < slice.count(); i++) {
          int target = slice.first() + i * slice.stride();
          if (isScored(r, n, target)) {
            means.add(r, at, at(r, n, target));
          }
        }
      }
    }
  }
}
