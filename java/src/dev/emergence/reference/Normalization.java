package dev.emergence.reference;

import static dev.emergence.reference.HostBuffer.doubles;
import static dev.emergence.reference.HostBuffer.start;

import dev.emergence.tensor.Backend.LayerNormGradient;
import dev.emergence.tensor.Backend.NormScaleGradient;
import dev.emergence.tensor.Tensor;
import java.util.Optional;

/** Layer norm (Ba et al. 2016) over the last dimension, and what is left of it behind a product. */
final class Normalization {
  private static final double EPS = 1e-5;

  private Normalization() {}

  static void layerNorm(
      Tensor x, Tensor gamma, Tensor beta, Tensor out, Tensor mean, Optional<Tensor> rstd) {
    int n = x.dim(-1);
    for (int r = 0; r < x.replicas(); r++) {
      for (int i = 0; i < x.rows(); i++) {
        int row = start(x, r) + i * n;
        double mu = 0;
        for (int j = 0; j < n; j++) {
          mu += doubles(x)[row + j] / n;
        }
        double variance = 0;
        for (int j = 0; j < n; j++) {
          variance += Math.pow(doubles(x)[row + j] - mu, 2) / n;
        }
        double scale = rstd.isPresent() ? 1 / Math.sqrt(variance + EPS) : 1;
        for (int j = 0; j < n; j++) {
          double normal = (doubles(x)[row + j] - mu) * scale;
          doubles(out)[start(out, r) + i * n + j] =
              doubles(gamma)[start(gamma, r) + j] * normal + doubles(beta)[start(beta, r) + j];
        }
        doubles(mean)[start(mean, r) + i] = mu;
        if (rstd.isPresent()) {
          doubles(rstd.get())[start(rstd.get(), r) + i] = scale;
        }
      }
    }
  }

  /**
   * With x̂ the normalised row and g = dOut ∘ gamma: dX = rstd · (g - mean(g) - x̂ · mean(g ∘ x̂)).
   * The last term is rstd's own derivative, which is not there where rows are centred alone.
   */
  static void layerNormBackward(LayerNormGradient g) {
    Memory.zero(g.dGamma());
    Memory.zero(g.dBeta());
    for (int r = 0; r < g.x().replicas(); r++) {
      for (int i = 0; i < g.x().rows(); i++) {
        backwardRow(g, r, i);
      }
    }
  }

  private static void backwardRow(LayerNormGradient g, int r, int i) {
    int n = g.x().dim(-1);
    double mu = doubles(g.mean())[start(g.mean(), r) + i];
    double scale = g.rstd().map(t -> doubles(t)[start(t, r) + i]).orElse(1.0);
    double[] normal = new double[n];
    double[] scaled = new double[n];
    double mean = 0;
    double along = 0;
    for (int j = 0; j < n; j++) {
      double dOut = doubles(g.dOut())[start(g.dOut(), r) + i * n + j];
      normal[j] = (doubles(g.x())[start(g.x(), r) + i * n + j] - mu) * scale;
      scaled[j] = dOut * doubles(g.gamma())[start(g.gamma(), r) + j];
      mean += scaled[j] / n;
      along += g.rstd().isPresent() ? scaled[j] * normal[j] / n : 0;
      doubles(g.dGamma())[start(g.dGamma(), r) + j] += dOut * normal[j];
      doubles(g.dBeta())[start(g.dBeta(), r) + j] += dOut;
    }
    for (int j = 0; j < n; j++) {
      int at = start(g.dX(), r) + i * n + j;
      double dX = scale * (scaled[j] - mean - normal[j] * along);
      int place = i * n + j;
      double before = g.added().map(t -> doubles(t)[start(t, r) + place]).orElse(0.0);
      doubles(g.dX())[at] = before + dX;
    }
  }

  static void scale(Tensor z, Tensor rstd, Tensor bias) {
    int n = z.dim(-1);
    for (int r = 0; r < z.replicas(); r++) {
      for (int i = 0; i < z.rows(); i++) {
        double scale = doubles(rstd)[start(rstd, r) + i];
        for (int j = 0; j < n; j++) {
          int at = start(z, r) + i * n + j;
          doubles(z)[at] = scale * doubles(z)[at] + doubles(bias)[start(bias, r) + j];
        }
      }
    }
  }

  static void scaleBackward(NormScaleGradient g) {
    Memory.zero(g.dBias());
    for (int r = 0; r < g.dOut().replicas(); r++) {
      for (int i = 0; i < g.dOut().rows(); i++) {
        scaleBackwardRow(g, r, i);
      }
    }
  }

  /** out - bias is rstd · z, and the derivative of rstd by x is -(x - mean) · rstd³ / D. */
  private static void scaleBackwardRow(NormScaleGradient g, int r, int i) {
    int n = g.dOut().dim(-1);
    int width = g.x().dim(-1);
    double mean = doubles(g.mean())[start(g.mean(), r) + i];
    double rstd = doubles(g.rstd())[start(g.rstd(), r) + i];
    double product = 0;
    for (int j = 0; j < n; j++) {
      double dOut = doubles(g.dOut())[start(g.dOut(), r) + i * n + j];
      double out = doubles(g.out())[start(g.out(), r) + i * n + j];
      product += dOut * (out - doubles(g.bias())[start(g.bias(), r) + j]);
      doubles(g.dBias())[start(g.dBias(), r) + j] += dOut;
      doubles(g.dZ())[start(g.dZ(), r) + i * n + j] = rstd * dOut;
    }
    for (int j = 0; j < width; j++) {
      double x = doubles(g.x())[start(g.x(), r) + i * width + j];
      doubles(g.dX())[start(g.dX(), r) + i * width + j] -=
          (x - mean) * rstd * rstd * product / width;
    }
  }
}
