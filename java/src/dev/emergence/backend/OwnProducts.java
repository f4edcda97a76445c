package dev.emergence.backend;

import dev.emergence.tensor.Arithmetic;

/** Which matrix products our own kernel computes on a GPU that has NVIDIA's library too. */
public final class OwnProducts {
  private OwnProducts() {}

  /**
   * In how many pieces of its depth the sums of op(A) op(B) are made, with op(A) m by k and op(B) k
   * by n; 0 where the library computes it. Shapes alone decide.
   *
   * @param transA whether op(A) is the transpose of A
   */
  public static int pieces(
      boolean transA, boolean transB, long m, long n, long k, Arithmetic arithmetic) {
    int code = NativeContext.code(arithmetic);
    return Math.toIntExact(Em.em_own_product(m, n, k, transA ? 1 : 0, transB ? 1 : 0, code));
  }
}
