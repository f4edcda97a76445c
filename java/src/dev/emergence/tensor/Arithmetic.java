package dev.emergence.tensor;

/** How matrix products and attention are computed; all else is float32. */
public enum Arithmetic {
  /** IEEE single precision (float64 in the reference). */
  FLOAT32,
  /** Tensor cores, inputs rounded to 10-bit mantissas, sums in single precision. */
  TF32,
  /** Tensor cores, inputs rounded to bfloat16, sums in single precision. */
  BF16
}
