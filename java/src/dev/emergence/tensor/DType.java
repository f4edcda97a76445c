package dev.emergence.tensor;

/** The types of a tensor's elements. The reference backend stores {@link #F32} as doubles. */
public enum DType {
  /** IEEE single precision. */
  F32(4),
  /** Signed 32-bit integers: tokens, positions, step counters, random keys. */
  I32(4);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** The number of bytes of an element on a device. */
  public int bytes() {
    return bytes;
  }
}
