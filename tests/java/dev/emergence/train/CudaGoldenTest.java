package dev.emergence.train;

import dev.emergence.backend.CudaUnderTest;
import dev.emergence.tensor.Backend;

/** The cuda backend agrees with PyTorch, to float32 rounding. */
class CudaGoldenTest extends GoldenContract {
  @Override
  Backend backend() {
    return CudaUnderTest.open();
  }

  @Override
  double unit() {
    return 0x1p-24;
  }
}
