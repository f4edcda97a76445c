package dev.emergence.train;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.tensor.Backend;

/** Changed heads on the reference backend. */
class ReferenceSubjectTest extends SubjectContract {
  @Override
  Backend backend() {
    return new ReferenceBackend();
  }

  @Override
  double rounding() {
    return 1e-12;
  }
}
