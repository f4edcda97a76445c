package dev.emergence.model;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Rotation;
import dev.emergence.tensor.Tensor;

/**
 * Rotary positions (Su et al. 2021): queries and keys of position l turn, in each head, by the
 * angle l / 10000^(2i/n) in the plane of the numbers i and i + Dh/2, for i below n/2. So a score
 * depends on the distance of its two positions. Positions count from 0. Of the Dh numbers of a head
 * n turn; the others say the same at every distance.
 */
final class RotaryPositions {
  private static final double BASE = 10_000;
  private final Backend backend;
  private final Tensor table;

  RotaryPositions(Memory memory, AttentionShape shape) {
    this.backend = memory.backend();
    double[] table = table(shape.length(), shape.headDim(), shape.rotated());
    this.table = memory.constant(table, shape.length(), shape.headDim());
  }

  /** (L, Dh), row-major: the cosines of the Dh / 2 angles of a position, then their sines. */
  static double[] table(int length, int headDim, int rotated) {
    int half = headDim / 2;
    double[] out = new double[Math.multiplyExact(length, headDim)];
    for (int l = 0; l < length; l++) {
      for (int i = 0; i < half; i++) {
        double angle = 2 * i < rotated ? l / StrictMath.pow(BASE, 2.0 * i / rotated) : 0;
        out[l * headDim + i] = StrictMath.cos(angle);
        out[l * headDim + half + i] = StrictMath.sin(angle);
      }
    }
    return out;
  }

  /**
   * Turns the heads at the start of every token, in place.
   *
   * @param x (R, B, L, at least heads · Dh)
   * @param inverse turns back, as gradients do
   */
  void rotate(Tensor x, int heads, boolean inverse) {
    backend.rotate(new Rotation(x, table, x.dim(1), heads, x.dim(3)), inverse);
  }

  /**
   * As {@link #rotate} for one token a sequence, the last.
   *
   * @param x (R, B, heads · Dh)
   */
  void rotateLast(Tensor x, int heads, boolean inverse) {
    long width = table.dim(2);
    Tensor last = table.part((table.dim(1) - 1) * width, 1, width);
    backend.rotate(new Rotation(x, last, x.dim(1), heads, x.dim(2)), inverse);
  }
}
