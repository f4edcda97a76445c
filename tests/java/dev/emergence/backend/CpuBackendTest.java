package dev.emergence.backend;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.BackendContract;
import org.junit.jupiter.api.AfterAll;

/**
 * What every backend must do, of the cpu backend with the instruction set that it chooses for this
 * machine.
 */
class CpuBackendTest implements BackendContract {
  private static final Backend BACKEND = Devices.open("cpu", 1);

  @Override
  public Backend backend() {
    return BACKEND;
  }

  @AfterAll
  static void close() {
    BACKEND.close();
  }
}
