package dev.emergence.train;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Moments;
import dev.emergence.tensor.Tensor;
import java.util.Map;

/** Stochastic gradient descent with heavy-ball momentum, which may be 0. */
final class SgdOptimizer implements Optimizer {
  private final Backend backend;
  private final Moments moments;
  private final double momentum;

  SgdOptimizer(OptimizerInputs in, double momentum) {
    this.backend = in.backend();
    this.momentum = momentum;
    Tensor m = in.moment();
    // There is no second moment; the operation does not touch v.
    this.moments =
        new Moments(
            in.parameters().values(),
            in.parameters().gradient(),
            m,
            m,
            in.learningRate(),
            in.step(),
            in.stoppedAt());
  }

  @Override
  public void step() {
    backend.sgd(moments, momentum);
  }

  @Override
  public Map<String, Tensor> state() {
    return Map.of("sgd.momentum", moments.m());
  }
}
