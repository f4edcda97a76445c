package dev.emergence.train;

import dev.emergence.backend.Devices;
import dev.emergence.tensor.Backend;

/** The cpu backend agrees with PyTorch, to float32 rounding. */
class CpuGoldenTest extends GoldenContract {
  @Override
  Backend backend() {
    return Devices.open("cpu", 1);
  }

  @Override
  double unit() {
    return 0x1p-24;
  }
}
