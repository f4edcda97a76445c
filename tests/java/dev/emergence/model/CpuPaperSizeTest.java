package dev.emergence.model;

import dev.emergence.backend.Devices;
import dev.emergence.tensor.Backend;

/** The cpu backend at the papers' width. */
class CpuPaperSizeTest extends PaperSizeContract {
  @Override
  Backend backend() {
    return Devices.open("cpu", 1);
  }
}
