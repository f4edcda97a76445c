package dev.emergence.train;

import dev.emergence.tensor.Tensor;
import java.util.Map;

/** How parameters move. */
interface Optimizer {

  /**
   * Moves the parameters by the gradient that stands. An operation on the backend: runs at once or
   * is recorded.
   */
  void step();

  /** What it carries from step to step, (R, P) each, by name: {@code adam.m}. */
  Map<String, Tensor> state();
}
