package dev.emergence.tensor;

/** Element types. The reference backend keeps {@link #F32} in doubles. */
public enum DType {
  /** IEEE single precision. */
  F32(4),
  /** Signed 32-bit integers: tokens, positions, step counters, random keys. */
  I32(4);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of an element on a device. */
  public int bytes() {
    return bytes;
  }
}
