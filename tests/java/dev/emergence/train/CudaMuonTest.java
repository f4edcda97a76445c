package dev.emergence.train;

import dev.emergence.backend.CudaUnderTest;
import dev.emergence.tensor.Backend;

/** Muon on the cuda backend. */
class CudaMuonTest extends MuonContract {
  @Override
  Backend backend() {
    return CudaUnderTest.open();
  }

  @Override
  double rounding() {
    return 1e-5;
  }
}
