package dev.emergence.plan;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.Work;

/**
 * Sizes of one run, counted from its shapes.
 *
 * @param work what the architecture says that it takes
 * @param flow whether the run is an integration in continuous time; its cost is negligible
 */
record Footprint(Work work, boolean flow) {

  /** Training: parameters, gradient and two moments; activations and their gradients. */
  long memoryBytes(int batch) {
    return (long) (Float.BYTES * (4.0 * work.parameters() + 2.0 * work.activations() * batch));
  }

  static Footprint of(RunConfig config) {
    return new Footprint(
        config.architecture().work(config.task().predicts()),
        config.training().optimizer().inTime());
  }
}
