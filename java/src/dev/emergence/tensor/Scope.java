package dev.emergence.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Owner of tensors: everything allocated in it is freed with it, in reverse order. All buffers of a
 * cohort live in one scope, so that the byte counter returns to where it was.
 */
public final class Scope implements AutoCloseable {
  /** Replicas start where four elements can be read at once. */
  private static final long ALIGNMENT = 4;

  private final Backend backend;
  private final List<Buffer> owned = new ArrayList<>();

  /** An empty scope on a backend. */
  public Scope(Backend backend) {
    this.backend = backend;
  }

  /**
   * A zero-filled float32 tensor.
   *
   * @param shape (R, ...)
   */
  public Tensor floats(long... shape) {
    return allocate(DType.F32, shape);
  }

  /**
   * A zero-filled int32 tensor.
   *
   * @param shape (R, ...)
   */
  public Tensor ints(long... shape) {
    return allocate(DType.I32, shape);
  }

  private Tensor allocate(DType dtype, long... shape) {
    long inner = 1;
    for (int i = 1; i < shape.length; i++) {
      inner = Math.multiplyExact(inner, shape[i]);
    }
    // Padded, so that kernels read a replica in the same way, and sum it in the same order, whether
    // others lie beside it or not.
    boolean padded = shape[0] > 1 && inner > 1;
    long stride = padded ? (inner + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : inner;
    Buffer buffer = backend.allocate(dtype, Math.multiplyExact(shape[0], stride));
    owned.add(buffer);
    return stride == inner
        ? Tensor.of(buffer, shape)
        : Tensor.of(buffer, shape[0], stride).part(0, Arrays.copyOfRange(shape, 1, shape.length));
  }

  @Override
  public void close() {
    for (int i = owned.size() - 1; i >= 0; i--) {
      backend.free(owned.get(i));
    }
    owned.clear();
  }
}
