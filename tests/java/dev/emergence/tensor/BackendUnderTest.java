package dev.emergence.tensor;

/** Gives the contracts what they test. */
public interface BackendUnderTest {
  /** The backend; the contracts free what they allocate but do not close it. */
  Backend backend();

  /**
   * What a float32 backend may be off by, times (size of the value + root mean square of its
   * tensor), besides its reductions' own share: 2^-24 is half a unit in the last place; an
   * exponential, a division or a handful of products each cost about one.
   */
  default double rounding() {
    return 32 * 0x1p-24;
  }
}
