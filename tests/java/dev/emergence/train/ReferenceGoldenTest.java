package dev.emergence.train;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.tensor.Backend;

/** The judge itself agrees with PyTorch, to float64 rounding. */
class ReferenceGoldenTest extends GoldenContract {
  @Override
  Backend backend() {
    return new ReferenceBackend();
  }

  @Override
  double unit() {
    return 0x1p-53;
  }
}
