package dev.emergence.train;

import dev.emergence.tensor.Tensor;
import java.util.Map;

/** Stochastic gradient descent with heavy-ball momentum, which may be 0. */
final class SgdOptimizer implements Optimizer {
  private final OptimizerInputs in;
  private final double momentum;
  private final Tensor m;

  SgdOptimizer(OptimizerInputs in, double momentum) {
    this.in = in;
    this.momentum = momentum;
    this.m = in.moment();
  }

  @Override
  public void step() {
    for (Stretch stretch : in.stretches()) {
      // There is no second moment; the operation does not touch it.
      in.backend().sgd(in.moments(stretch, m, m), momentum);
    }
  }

  @Override
  public Map<String, Tensor> state() {
    return Map.of("sgd.momentum", m);
  }
}
