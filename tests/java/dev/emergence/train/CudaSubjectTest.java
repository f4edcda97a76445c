package dev.emergence.train;

import dev.emergence.backend.CudaUnderTest;
import dev.emergence.tensor.Backend;

/** Changed heads on the cuda backend. */
class CudaSubjectTest extends SubjectContract {
  @Override
  Backend backend() {
    return CudaUnderTest.open();
  }

  @Override
  double rounding() {
    return 1e-5;
  }
}
