package dev.emergence.backend;

import dev.emergence.backend.Em.em_buffer;
import dev.emergence.tensor.Buffer;
import dev.emergence.tensor.DType;

/** A buffer of a native context, until it is freed. */
final class NativeBuffer implements Buffer {
  private final NativeContext context;
  private final DType dtype;
  private final long elements;
  private final em_buffer handle;
  private boolean freed;

  /**
   * @param context whose memory it is
   * @param handle never NULL
   */
  NativeBuffer(NativeContext context, DType dtype, long elements, em_buffer handle) {
    this.context = context;
    this.dtype = dtype;
    this.elements = elements;
    this.handle = handle;
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public long elements() {
    return elements;
  }

  /** Whether it belongs to a context. */
  boolean isOf(NativeContext other) {
    return context == other;
  }

  /** For the functions of {@link Em}. */
  em_buffer handle() {
    if (freed) {
      throw new IllegalStateException("a tensor was used after its memory was freed: " + this);
    }
    return handle;
  }

  /** Lets no one use it again. */
  void markFreed() {
    freed = true;
  }

  @Override
  public String toString() {
    return elements + " elements of " + dtype;
  }
}
