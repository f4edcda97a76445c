package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.doubles;
import static dev.emergence.reference.HostBuffer.ints;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.DType;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;

/** Copies between tensors and host arrays, and plain element-wise arithmetic. */
final class Memory {
  private Memory() {}

  static void write(Tensor to, double[] values) {
    int n = count("write", to, values.length);
    for (int r = 0; r < to.replicas(); r++) {
      System.arraycopy(values, r * n, doubles(to), start(to, r), n);
    }
  }

  static void write(Tensor to, int[] values) {
    int n = count("write", to, values.length);
    for (int r = 0; r < to.replicas(); r++) {
      System.arraycopy(values, r * n, ints(to), start(to, r), n);
    }
  }

  static double[] readDoubles(Tensor from) {
    int n = Math.toIntExact(from.perReplica());
    double[] values = new double[Math.toIntExact(from.size())];
    for (int r = 0; r < from.replicas(); r++) {
      System.arraycopy(doubles(from), start(from, r), values, r * n, n);
    }
    return values;
  }

  static int[] readInts(Tensor from) {
    int n = Math.toIntExact(from.perReplica());
    int[] values = new int[Math.toIntExact(from.size())];
    for (int r = 0; r < from.replicas(); r++) {
      System.arraycopy(ints(from), start(from, r), values, r * n, n);
    }
    return values;
  }

  static void zero(Tensor x) {
    int n = Math.toIntExact(x.perReplica());
    for (int r = 0; r < x.replicas(); r++) {
      int from = start(x, r);
      if (x.dtype() == DType.F32) {
        Arrays.fill(doubles(x), from, from + n, 0.0);
      } else {
        Arrays.fill(ints(x), from, from + n, 0);
      }
    }
  }

  static void copy(Tensor from, Tensor to) {
    int n = Math.toIntExact(from.perReplica());
    for (int r = 0; r < from.replicas(); r++) {
      Object source = from.dtype() == DType.F32 ? doubles(from) : ints(from);
      Object target = to.dtype() == DType.F32 ? doubles(to) : ints(to);
      System.arraycopy(source, start(from, r), target, start(to, r), n);
    }
  }

  static void accumulate(Tensor x, Tensor y) {
    int n = Math.toIntExact(x.perReplica());
    for (int r = 0; r < x.replicas(); r++) {
      for (int i = 0; i < n; i++) {
        doubles(y)[start(y, r) + i] += doubles(x)[start(x, r) + i];
      }
    }
  }

  private static int count(String operation, Tensor t, int values) {
    if (t.size() != values) {
      throw new IllegalArgumentException(
          operation + ": " + t + " takes " + t.size() + " values, got " + values);
    }
    return Math.toIntExact(t.perReplica());
  }
}
