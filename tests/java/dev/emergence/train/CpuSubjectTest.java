package dev.emergence.train;

import dev.emergence.backend.Devices;
import dev.emergence.tensor.Backend;

/** Changed heads on the cpu backend. */
class CpuSubjectTest extends SubjectContract {
  @Override
  Backend backend() {
    return Devices.open("cpu", 1);
  }

  @Override
  double rounding() {
    return 1e-5;
  }
}
