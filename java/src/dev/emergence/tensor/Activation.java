package dev.emergence.tensor;

/** Element-wise non-linearities. */
public enum Activation {
  /** x Φ(x), with the exact error function. */
  GELU,
  /** max(x, 0); derivative 0 at 0. */
  RELU
}
