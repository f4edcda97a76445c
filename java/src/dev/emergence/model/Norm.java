package dev.emergence.model;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/** Layer normalisation of each vector, with learned scale and shift (Ba et al. 2016). */
final class Norm {
  private final Backend backend;
  private final Tensor gamma;
  private final Tensor beta;
  private final Tensor dGamma;
  private final Tensor dBeta;
  private final Tensor mean;
  private final Tensor rstd;

  /**
   * @param name of its parameters, as {@link #declare} made them
   * @param shape of what it reads, without R
   */
  Norm(Memory memory, String name, long... shape) {
    this.backend = memory.backend();
    this.gamma = memory.parameters().value(name + ".gamma");
    this.beta = memory.parameters().value(name + ".beta");
    this.dGamma = memory.parameters().gradient(name + ".gamma");
    this.dBeta = memory.parameters().gradient(name + ".beta");
    long rows = Arrays.stream(shape, 0, shape.length - 1).reduce(1, Math::multiplyExact);
    this.mean = memory.kept("norm.mean", rows);
    this.rstd = memory.kept("norm.rstd", rows);
  }

  /** Parameters: scale 1, shift 0. */
  static void declare(Layout.Builder layout, String name, int width) {
    layout.add(name + ".gamma", new Initial.Constant(1), width);
    layout.add(name + ".beta", new Initial.Constant(0), width);
  }

  /** Whether a parameter is one of a normalisation's. */
  static boolean isPart(String name) {
    return name.endsWith(".gamma") || name.endsWith(".beta");
  }

  /** out = norm(x), two different tensors. */
  void forward(Tensor x, Tensor out) {
    backend.layerNorm(x, gamma, beta, out, mean, Optional.of(rstd));
  }

  /**
   * @param dX overwritten
   * @param added what is added to it, which may be dX itself; where absent dX may be dOut
   */
  void backward(Tensor dOut, Tensor x, Tensor dX, Optional<Tensor> added) {
    backend.layerNormBackward(
        new Backend.LayerNormGradient(
            dOut, x, gamma, mean, Optional.of(rstd), dX, added, dGamma, dBeta));
  }

  /** The learned scale, (R, n). */
  Tensor gamma() {
    return gamma;
  }

  /** Its gradient. */
  Tensor dGamma() {
    return dGamma;
  }

  /** The learned shift, (R, n). */
  Tensor beta() {
    return beta;
  }

  /** Its gradient. */
  Tensor dBeta() {
    return dBeta;
  }

  /** Of each vector that {@link #forward} read: (R, rows). */
  Tensor mean() {
    return mean;
  }

  /** One over the standard deviation of each: (R, rows). */
  Tensor rstd() {
    return rstd;
  }
}
