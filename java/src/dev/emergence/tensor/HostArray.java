package dev.emergence.tensor;

/** One replica's elements of a tensor in a Java array: floats or integers. */
public final class HostArray {
  private final float[] floats;
  private final int[] ints;

  /** Zeros. */
  public HostArray(DType dtype, long elements) {
    int n = Math.toIntExact(elements);
    this.floats = dtype == DType.F32 ? new float[n] : null;
    this.ints = dtype == DType.I32 ? new int[n] : null;
  }

  /** Whether it holds floats. */
  public boolean isFloats() {
    return floats != null;
  }

  /** Number of elements. */
  public int size() {
    return isFloats() ? floats.length : ints.length;
  }

  /**
   * The array itself.
   *
   * @throws IllegalStateException when the elements are integers
   */
  public float[] floats() {
    if (floats == null) {
      throw new IllegalStateException("these are integers, not floats");
    }
    return floats;
  }

  /**
   * The array itself.
   *
   * @throws IllegalStateException when the elements are floats
   */
  public int[] ints() {
    if (ints == null) {
      throw new IllegalStateException("these are floats, not integers");
    }
    return ints;
  }
}
