package dev.emergence.reference;

import dev.emergence.tensor.Buffer;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.Tensor;

/** A buffer in a Java array: doubles for float32 tensors, ints for int32. */
final class HostBuffer implements Buffer {
  private final DType dtype;
  private final long elements;
  private double[] doubles;
  private int[] ints;

  HostBuffer(DType dtype, long elements) {
    this.dtype = dtype;
    this.elements = elements;
    if (dtype == DType.F32) {
      doubles = new double[Math.toIntExact(elements)];
    } else {
      ints = new int[Math.toIntExact(elements)];
    }
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public long elements() {
    return elements;
  }

  long bytes() {
    return elements * (dtype == DType.F32 ? Double.BYTES : Integer.BYTES);
  }

  /**
   * Later use of the memory fails.
   *
   * @throws IllegalStateException when freed before
   */
  void free() {
    if (doubles == null && ints == null) {
      throw new IllegalStateException("buffer of " + elements + " " + dtype + " freed twice");
    }
    doubles = null;
    ints = null;
  }

  /** The array behind a float32 tensor. */
  static double[] doubles(Tensor t) {
    return alive(t, of(t).doubles);
  }

  /** The array behind an int32 tensor. */
  static int[] ints(Tensor t) {
    return alive(t, of(t).ints);
  }

  /** Where a replica's elements start in the array. */
  static int start(Tensor t, int replica) {
    return Math.toIntExact(t.offset() + replica * t.replicaStride());
  }

  private static HostBuffer of(Tensor t) {
    if (t.buffer() instanceof HostBuffer b) {
      return b;
    }
    throw new IllegalArgumentException(
        "tensor " + t + " belongs to another backend, not to reference");
  }

  private static <A> A alive(Tensor t, A array) {
    if (array == null) {
      throw new IllegalStateException(
          "tensor " + t + " was freed, or is of the other element type");
    }
    return array;
  }
}
