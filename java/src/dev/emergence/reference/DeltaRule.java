package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.doubles;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.FastWeights;
import dev.emergence.tensor.FastWeights.Feature;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;

/**
 * Linear attention and the gated delta rule for one head of one sequence, every matrix kept. Rows
 * of a matrix belong to numbers of the values, columns to numbers of the keys.
 */
final class DeltaRule {
  private static final double SMALL = 1e-6;

  private final FastWeights f;
  private final int r;
  private final int b;
  private final int h;
  private final int n;
  private final int length;
  private final double[][] q;
  private final double[][] k;
  private final double[][][] states;
  private final double[][] keys;

  private DeltaRule(FastWeights f, int r, int b, int h) {
    this.f = f;
    this.r = r;
    this.b = b;
    this.h = h;
    this.n = f.shape().headDim();
    this.length = f.shape().length();
    this.q = new double[length][];
    this.k = new double[length][];
    this.states = new double[length + 1][n][n];
    this.keys = new double[length + 1][n];
    for (int t = 0; t < length; t++) {
      q[t] = feature(vector(f.q(), t));
      k[t] = feature(vector(f.k(), t));
      write(t);
    }
  }

  private interface Body {
    void run(DeltaRule head);
  }

  private static void forEachHead(FastWeights f, Body body) {
    for (int r = 0; r < f.q().replicas(); r++) {
      for (int b = 0; b < f.shape().batch(); b++) {
        for (int h = 0; h < f.shape().heads(); h++) {
          body.run(new DeltaRule(f, r, b, h));
        }
      }
    }
  }

  static void forward(FastWeights f) {
    forEachHead(f, DeltaRule::read);
  }

  static void backward(FastWeights.Gradient g) {
    forEachHead(g.forward(), head -> head.differentiate(g));
  }

  private int token(Tensor of, int t) {
    return start(of, r) + (b * length + t) * f.shape().stride() + h * n;
  }

  private double[] vector(Tensor of, int t) {
    int at = token(of, t);
    return Arrays.copyOfRange(doubles(of), at, at + n);
  }

  private int output(Tensor of, int t) {
    return start(of, r) + ((b * length + t) * f.shape().heads() + h) * n;
  }

  private int gate(Tensor of, int t) {
    return start(of, r) + (b * length + t) * f.shape().gateStride() + h;
  }

  private double keep(int t) {
    return f.gates().map(g -> Recurrence.sigmoid(doubles(g)[gate(g, t)])).orElse(1.0);
  }

  private double written(int t) {
    int heads = f.shape().heads();
    return f.gates().map(g -> Recurrence.sigmoid(doubles(g)[gate(g, t) + heads])).orElse(1.0);
  }

  private double[] feature(double[] x) {
    double size = f.feature() == Feature.UNIT ? 1 / Math.sqrt(dot(x, x) + SMALL) : 1;
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      boolean exponential = f.feature() == Feature.ELU && x[i] <= 0;
      double shift = f.feature() == Feature.ELU ? 1 : 0;
      y[i] = exponential ? Math.exp(x[i]) : x[i] * size + shift;
    }
    return y;
  }

  private double[] featureBackward(double[] x, double[] y, double[] dY) {
    double[] dX = dY.clone();
    for (int i = 0; i < n; i++) {
      if (f.feature() == Feature.ELU) {
        dX[i] = x[i] > 0 ? dY[i] : dY[i] * y[i];
      } else if (f.feature() == Feature.UNIT) {
        dX[i] = (dY[i] - y[i] * dot(y, dY)) / Math.sqrt(dot(x, x) + SMALL);
      }
    }
    return dX;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  /** What the matrix before token t misses of its value in row j: v - a S k, or v without gates. */
  private double missing(int t, int j) {
    double v = doubles(f.v())[token(f.v(), t) + j];
    return f.gates().isPresent() ? v - keep(t) * dot(states[t][j], k[t]) : v;
  }

  private void write(int t) {
    for (int j = 0; j < n; j++) {
      double w = written(t) * missing(t, j);
      for (int i = 0; i < n; i++) {
        states[t + 1][j][i] = keep(t) * states[t][j][i] + w * k[t][i];
      }
      keys[t + 1][j] = keys[t][j] + k[t][j];
    }
  }

  /** What the sum of rows is multiplied with. */
  private double share(int t) {
    return f.normalised() ? 1 / (dot(q[t], keys[t + 1]) + SMALL) : f.scale();
  }

  private void read() {
    for (int t = 0; t < length; t++) {
      for (int j = 0; j < n; j++) {
        doubles(f.out())[output(f.out(), t) + j] = share(t) * dot(states[t + 1][j], q[t]);
      }
    }
  }

  private void differentiate(FastWeights.Gradient g) {
    double[][] dState = new double[n][n];
    double[] dKeys = new double[n];
    for (int t = length - 1; t >= 0; t--) {
      double[] dQ = new double[n];
      double[] dK = new double[n];
      double dShare = 0;
      for (int j = 0; j < n; j++) {
        double dOut = doubles(g.dOut())[output(g.dOut(), t) + j];
        dShare += dOut * dot(states[t + 1][j], q[t]);
        for (int i = 0; i < n; i++) {
          dQ[i] += share(t) * dOut * states[t + 1][j][i];
          dState[j][i] += share(t) * dOut * q[t][i];
        }
      }
      for (int i = 0; i < n && f.normalised(); i++) {
        double slope = -dShare * share(t) * share(t);
        dQ[i] += slope * keys[t + 1][i];
        dKeys[i] += slope * q[t][i];
      }
      write(g, t, dState, dK);
      for (int i = 0; i < n; i++) {
        dK[i] += dKeys[i];
      }
      put(g.dQ(), t, featureBackward(vector(f.q(), t), q[t], dQ));
      put(g.dK(), t, featureBackward(vector(f.k(), t), k[t], dK));
    }
  }

  /**
   * Through {@link #write(int)}: dState is that of the matrix after token t, then of the one
   * before.
   */
  private void write(FastWeights.Gradient g, int t, double[][] dState, double[] dK) {
    double dKeep = 0;
    double dWritten = 0;
    for (int j = 0; j < n; j++) {
      double dW = dot(dState[j], k[t]);
      double w = written(t) * missing(t, j);
      double dMissing = written(t) * dW;
      double dRead = f.gates().isPresent() ? -keep(t) * dMissing : 0;
      dWritten += dW * missing(t, j);
      dKeep += dot(dState[j], states[t][j]) - dMissing * dot(states[t][j], k[t]);
      doubles(g.dV())[token(g.dV(), t) + j] = dMissing;
      for (int i = 0; i < n; i++) {
        dK[i] += w * dState[j][i] + dRead * states[t][j][i];
        dState[j][i] = keep(t) * dState[j][i] + dRead * k[t][i];
      }
    }
    if (g.dGates().isPresent()) {
      Tensor gates = g.dGates().get();
      doubles(gates)[gate(gates, t)] = dKeep * keep(t) * (1 - keep(t));
      doubles(gates)[gate(gates, t) + f.shape().heads()] = dWritten * written(t) * (1 - written(t));
    }
  }

  private void put(Tensor to, int t, double[] values) {
    System.arraycopy(values, 0, doubles(to), token(to, t), n);
  }
}
