package dev.emergence.train;

import dev.emergence.model.Parameters;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.Tensor;

/**
 * What an optimiser works on.
 *
 * @param scope owner of its moments
 * @param learningRate (R), of the step at hand
 * @param step (R) i32, the number of the step at hand, from 1
 * @param stoppedAt (R) i32, as in {@link dev.emergence.tensor.Moments}
 */
record OptimizerInputs(
    Backend backend,
    Scope scope,
    Parameters parameters,
    Tensor learningRate,
    Tensor step,
    Tensor stoppedAt) {

  /** A zero-filled row a replica, as the parameters. */
  Tensor moment() {
    return scope.floats(parameters.values().replicas(), parameters.layout().size());
  }
}
