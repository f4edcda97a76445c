package dev.emergence.train;

import dev.emergence.backend.CudaUnderTest;
import dev.emergence.tensor.Backend;

/** Random runs on the cuda backend. */
class CudaRandomRunsTest extends RandomRunsContract {
  @Override
  Backend backend() {
    return CudaUnderTest.open();
  }
}
