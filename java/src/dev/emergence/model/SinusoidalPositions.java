package dev.emergence.model;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;

/**
 * Fixed sines and cosines (Vaswani et al. 2017, section 3.5): position l, dimension 2i is sin(l /
 * 10000^(2i/D)), dimension 2i + 1 the cosine. Positions count from 0; nothing is scaled.
 */
final class SinusoidalPositions implements Positions {
  private static final double BASE = 10_000;
  private final Backend backend;
  private final Tensor table;

  SinusoidalPositions(Memory memory, int length, int width) {
    this.backend = memory.backend();
    this.table = memory.constant(table(length, width), length, width);
  }

  /** (L, D), row-major. */
  static double[] table(int length, int width) {
    double[] out = new double[Math.multiplyExact(length, width)];
    for (int l = 0; l < length; l++) {
      for (int j = 0; j < width; j++) {
        double angle = l / StrictMath.pow(BASE, (double) (j - j % 2) / width);
        out[l * width + j] = j % 2 == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle);
      }
    }
    return out;
  }

  @Override
  public Tensor table() {
    return table;
  }

  @Override
  public void forward(Tensor x) {
    backend.addPositions(x, table);
  }

  @Override
  public void backward(Tensor dX) {
    // Nothing here is learned.
  }

  @Override
  public void accumulate(Tensor dTable) {
    // The table is fixed: it has no gradient.
  }
}
