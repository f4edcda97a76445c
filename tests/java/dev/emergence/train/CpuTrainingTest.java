package dev.emergence.train;

import dev.emergence.backend.Devices;
import dev.emergence.tensor.Backend;

/** Training on the cpu backend. */
class CpuTrainingTest extends TrainingContract {
  @Override
  Backend backend() {
    return Devices.open("cpu", 1);
  }
}
