package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.doubles;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.Rotation;
import dev.emergence.tensor.Tensor;
import dev.emergence.tensor.TokenMix;

/** Causal weights over tokens, and rotary positions. */
final class Mixing {
  private Mixing() {}

  private interface Pair {
    /** Row m of y sees row u of x in channel c; places of weight, x and y in their arrays. */
    void visit(int weight, int x, int y);
  }

  private static void forEachPair(TokenMix m, int r, Tensor weight, Tensor x, Tensor y, Pair pair) {
    int rows = m.weight().dim(2);
    int columns = m.weight().dim(3);
    int width = m.x().dim(3);
    int channels = width / m.weight().dim(1);
    for (int b = 0; b < m.x().dim(1); b++) {
      for (int row = 0; row < rows; row++) {
        int seen = (row / (rows / m.length()) + 1) * (columns / m.length());
        for (int u = 0; u < seen; u++) {
          for (int c = 0; c < width; c++) {
            int at = ((c / channels) * rows + row) * columns + u;
            pair.visit(
                start(weight, r) + at,
                start(x, r) + (b * columns + u) * width + c,
                start(y, r) + (b * rows + row) * width + c);
          }
        }
      }
    }
  }

  static void forward(TokenMix m) {
    Memory.zero(m.y());
    double[] w = doubles(m.weight());
    double[] x = doubles(m.x());
    double[] y = doubles(m.y());
    for (int r = 0; r < m.x().replicas(); r++) {
      forEachPair(m, r, m.weight(), m.x(), m.y(), (iw, ix, iy) -> y[iy] += w[iw] * x[ix]);
    }
  }

  static void backward(TokenMix.Gradient g) {
    TokenMix m = g.forward();
    if (!g.accumulate()) {
      Memory.zero(g.dX());
    }
    Memory.zero(g.dWeight());
    double[] w = doubles(m.weight());
    double[] x = doubles(m.x());
    double[] dY = doubles(g.dY());
    double[] dX = doubles(g.dX());
    double[] dW = doubles(g.dWeight());
    for (int r = 0; r < m.x().replicas(); r++) {
      forEachPair(m, r, g.dWeight(), m.x(), g.dY(), (iw, ix, iy) -> dW[iw] += dY[iy] * x[ix]);
      forEachPair(m, r, m.weight(), g.dX(), g.dY(), (iw, ix, iy) -> dX[ix] += w[iw] * dY[iy]);
    }
  }

  static void rotate(Rotation rotation, boolean inverse) {
    Tensor x = rotation.x();
    Tensor table = rotation.table();
    int length = table.dim(1);
    int width = table.dim(2);
    int half = width / 2;
    double sign = inverse ? -1 : 1;
    for (int r = 0; r < table.replicas(); r++) {
      for (int row = 0; row < rotation.batch() * length; row++) {
        for (int i = 0; i < rotation.heads() * half; i++) {
          int at = start(x, r) + row * rotation.stride() + i / half * width + i % half;
          int angle = start(table, r) + row % length * width + i % half;
          double cos = doubles(table)[angle];
          double sin = sign * doubles(table)[angle + half];
          double first = doubles(x)[at];
          double second = doubles(x)[at + half];
          doubles(x)[at] = first * cos - second * sin;
          doubles(x)[at + half] = first * sin + second * cos;
        }
      }
    }
  }
}
