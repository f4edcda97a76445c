package dev.emergence.tensor;

import java.util.Arrays;

/**
 * A view on a buffer. The first dimension is always {@code R}, the replicas; inside a replica
 * elements are contiguous and row-major, and replicas are {@link #replicaStride()} elements apart,
 * so that one parameter of R flat parameter buffers is a tensor too.
 */
public final class Tensor {
  private final Buffer buffer;
  private final long offset;
  private final long replicaStride;
  private final long[] shape;

  private Tensor(Buffer buffer, long offset, long replicaStride, long[] shape) {
    this.buffer = buffer;
    this.offset = offset;
    this.replicaStride = replicaStride;
    this.shape = shape;
    long end = offset + (shape[0] - 1) * replicaStride + inner(shape);
    if (offset < 0 || end > buffer.elements()) {
      throw new IllegalArgumentException(
          "tensor "
              + Arrays.toString(shape)
              + " ends at element "
              + end
              + " of a buffer of "
              + buffer.elements());
    }
  }

  /**
   * The whole of a buffer.
   *
   * @param shape (R, ...)
   */
  public static Tensor of(Buffer buffer, long... shape) {
    if (shape.length == 0 || Arrays.stream(shape).anyMatch(n -> n < 1)) {
      throw new IllegalArgumentException(
          "a shape starts with R and has no empty dimension, got " + Arrays.toString(shape));
    }
    return new Tensor(buffer, 0, inner(shape), shape.clone());
  }

  /**
   * The same piece of each replica.
   *
   * @param start first element inside a replica
   * @param inner shape without R
   */
  public Tensor part(long start, long... inner) {
    long[] full = new long[inner.length + 1];
    full[0] = shape[0];
    System.arraycopy(inner, 0, full, 1, inner.length);
    if (start < 0 || start + inner(full) > perReplica()) {
      throw new IllegalArgumentException(
          "part "
              + Arrays.toString(full)
              + " at "
              + start
              + " does not lie in "
              + Arrays.toString(shape));
    }
    return new Tensor(buffer, offset + start, replicaStride, full);
  }

  /**
   * The same elements under another shape.
   *
   * @param inner shape without R, of equal size
   */
  public Tensor reshape(long... inner) {
    Tensor t = part(0, inner);
    if (t.perReplica() != perReplica()) {
      throw new IllegalArgumentException(
          Arrays.toString(t.shape) + " has another size than " + Arrays.toString(shape));
    }
    return t;
  }

  /** One replica of it, as a tensor with R = 1. */
  public Tensor replica(int r) {
    if (r < 0 || r >= shape[0]) {
      throw new IllegalArgumentException("replica " + r + " is none of " + shape[0]);
    }
    long[] one = shape.clone();
    one[0] = 1;
    return new Tensor(buffer, offset + r * replicaStride, replicaStride, one);
  }

  /** The memory behind. */
  public Buffer buffer() {
    return buffer;
  }

  /** First element in the buffer. */
  public long offset() {
    return offset;
  }

  /** Elements between the starts of two replicas. */
  public long replicaStride() {
    return replicaStride;
  }

  /** Element type. */
  public DType dtype() {
    return buffer.dtype();
  }

  /** Copy of the shape, R first. */
  public long[] shape() {
    return shape.clone();
  }

  /** Number of replicas. */
  public int replicas() {
    return Math.toIntExact(shape[0]);
  }

  /** Size of a dimension; 0 is R, negative ones count from the end. */
  public int dim(int i) {
    return Math.toIntExact(shape[i < 0 ? shape.length + i : i]);
  }

  /** Number of dimensions, R included. */
  public int rank() {
    return shape.length;
  }

  /** Elements of one replica. */
  public long perReplica() {
    return inner(shape);
  }

  /** Elements of all replicas. */
  public long size() {
    return shape[0] * inner(shape);
  }

  /** Product of all dimensions between R and the last: rows, when seen as R matrices. */
  public int rows() {
    return Math.toIntExact(perReplica() / shape[shape.length - 1]);
  }

  private static long inner(long[] shape) {
    long n = 1;
    for (int i = 1; i < shape.length; i++) {
      n = Math.multiplyExact(n, shape[i]);
    }
    return n;
  }

  @Override
  public String toString() {
    return dtype() + Arrays.toString(shape);
  }
}
