package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.doubles;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.Activation;
import dev.emergence.tensor.Tensor;
import java.util.Optional;
import org.hipparchus.special.Erf;

/** Matrix products and the fused passes around them. */
final class Dense {
  private Dense() {}

  static void gemm(boolean transA, boolean transB, Tensor ta, Tensor tb, float beta, Tensor tc) {
    int m = tc.rows();
    int n = tc.dim(-1);
    int k = transA ? ta.rows() : ta.dim(-1);
    int aRow = transA ? 1 : k;
    int aColumn = transA ? m : 1;
    int bRow = transB ? 1 : n;
    int bColumn = transB ? k : 1;
    double[] a = doubles(ta);
    double[] b = doubles(tb);
    double[] c = doubles(tc);
    for (int r = 0; r < tc.replicas(); r++) {
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          int ai = start(ta, r) + i * aRow;
          int bj = start(tb, r) + j * bColumn;
          double sum = 0;
          for (int l = 0; l < k; l++) {
            sum += a[ai + l * aColumn] * b[bj + l * bRow];
          }
          int at = start(tc, r) + i * n + j;
          c[at] = beta == 0 ? sum : sum + beta * c[at];
        }
      }
    }
  }

  static void biasActivation(Tensor z, Tensor bias, Activation activation, Tensor out) {
    int n = z.dim(-1);
    for (int r = 0; r < z.replicas(); r++) {
      for (int i = 0; i < z.perReplica(); i++) {
        int at = start(z, r) + i;
        double y = doubles(z)[at] + doubles(bias)[start(bias, r) + i % n];
        // The costly part, the distribution function, is needed for both.
        double cdf = activation == Activation.GELU ? normalCdf(y) : 0;
        doubles(out)[start(out, r) + i] = value(activation, y, cdf);
        doubles(z)[at] = slope(activation, y, cdf);
      }
    }
  }

  static void biasActivationBackward(Tensor dOut, Tensor slope, Tensor dZ, Tensor dBias) {
    for (int r = 0; r < dOut.replicas(); r++) {
      for (int i = 0; i < dOut.perReplica(); i++) {
        doubles(dZ)[start(dZ, r) + i] =
            doubles(dOut)[start(dOut, r) + i] * doubles(slope)[start(slope, r) + i];
      }
    }
    biasBackward(dZ, dBias);
  }

  static void biasResidual(Tensor y, Tensor bias, Optional<Tensor> residual, Tensor out) {
    int n = y.dim(-1);
    for (int r = 0; r < y.replicas(); r++) {
      for (int i = 0; i < y.perReplica(); i++) {
        double sum = doubles(y)[start(y, r) + i] + doubles(bias)[start(bias, r) + i % n];
        if (residual.isPresent()) {
          sum += doubles(residual.get())[start(residual.get(), r) + i];
        }
        doubles(out)[start(out, r) + i] = sum;
      }
    }
  }

  static void biasBackward(Tensor dY, Tensor dBias) {
    int n = dY.dim(-1);
    for (int r = 0; r < dY.replicas(); r++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int i = 0; i < dY.rows(); i++) {
          sum += doubles(dY)[start(dY, r) + i * n + j];
        }
        doubles(dBias)[start(dBias, r) + j] = sum;
      }
    }
  }

  private static double value(Activation activation, double z, double cdf) {
    return switch (activation) {
      case GELU -> z * cdf;
      case RELU -> Math.max(z, 0);
    };
  }

  private static double slope(Activation activation, double z, double cdf) {
    return switch (activation) {
      case GELU -> cdf + z * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
      case RELU -> z > 0 ? 1 : 0;
    };
  }

  private static double normalCdf(double z) {
    return 0.5 * Erf.erfc(-z / Math.sqrt(2));
  }
}
