package dev.emergence.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Owner of tensors: everything allocated in it is freed with it, in reverse order. All buffers of a
 * cohort live in one scope, so that the byte counter returns to where it was.
 */
public final class Scope implements AutoCloseable {
  private final Backend backend;
  private final List<Buffer> owned = new ArrayList<>();

  /** An empty scope on a backend. */
  public Scope(Backend backend) {
    this.backend = backend;
  }

  /** A zero-filled float32 tensor. @param shape (R, ...) */
  public Tensor floats(long... shape) {
    return allocate(DType.F32, shape);
  }

  /** A zero-filled int32 tensor. @param shape (R, ...) */
  public Tensor ints(long... shape) {
    return allocate(DType.I32, shape);
  }

  private Tensor allocate(DType dtype, long... shape) {
    long elements = 1;
    for (long n : shape) {
      elements = Math.multiplyExact(elements, n);
    }
    Buffer buffer = backend.allocate(dtype, elements);
    owned.add(buffer);
    return Tensor.of(buffer, shape);
  }

  @Override
  public void close() {
    for (int i = owned.size() - 1; i >= 0; i--) {
      backend.free(owned.get(i));
    }
    owned.clear();
  }
}
