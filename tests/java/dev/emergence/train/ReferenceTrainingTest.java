package dev.emergence.train;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.tensor.Backend;

/** Training in float64. */
class ReferenceTrainingTest extends TrainingContract {
  @Override
  Backend backend() {
    return new ReferenceBackend();
  }
}
