package dev.emergence.backend;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.BackendContract;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/**
 * What every backend must do, of the cpu backend with the kernels that run on any processor, and
 * with two threads.
 */
class CpuPlainKernelsTest implements BackendContract {
  private static final Backend BACKEND =
      new NativeBackend("cpu", NativeContext.openCpu(2, Optional.of("plain")));

  @Override
  public Backend backend() {
    return BACKEND;
  }

  @AfterAll
  static void close() {
    BACKEND.close();
  }
}
