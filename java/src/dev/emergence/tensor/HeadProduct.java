package dev.emergence.tensor;

/**
 * One matrix product a head, each with its own rows of a weight. Rows of x and y hold their heads
 * side by side.
 *
 * @param form which tensor is computed from the other two
 * @param x (R, N, H · Dh)
 * @param w (R, H · Dh, D)
 * @param y (R, N, H, D)
 */
public record HeadProduct(Form form, Tensor x, Tensor w, Tensor y) {

  /** Which tensor is overwritten. */
  public enum Form {
    /** y[h] = x[h] w[h]. */
    WIDEN,
    /** x[h] = y[h] w[h]ᵀ. */
    NARROW,
    /** w[h] = x[h]ᵀ y[h]. */
    WEIGHT
  }

  /** H. */
  public int heads() {
    return y.dim(2);
  }

  /** Dh. */
  public int headDim() {
    return w.dim(1) / heads();
  }
}
