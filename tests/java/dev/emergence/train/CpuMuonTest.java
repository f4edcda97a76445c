package dev.emergence.train;

import dev.emergence.backend.Devices;
import dev.emergence.tensor.Backend;

/** Muon on the cpu backend. */
class CpuMuonTest extends MuonContract {
  @Override
  Backend backend() {
    return Devices.open("cpu", 1);
  }

  @Override
  double rounding() {
    return 2e-6;
  }
}
