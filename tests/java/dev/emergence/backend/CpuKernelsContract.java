package dev.emergence.backend;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.BackendContract;
import dev.emergence.tensor.DeviceException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** What every backend must do, of the cpu backend with chosen kernels, on one thread. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CpuKernelsContract implements BackendContract {
  private final String kernels;
  private final String needed;
  private NativeBackend backend;

  /**
   * Tests that are skipped where the processor cannot run some kernels.
   *
   * @param kernels to be tested
   * @param needed kernels without which the tests are skipped
   */
  CpuKernelsContract(String kernels, String needed) {
    this.kernels = kernels;
    this.needed = needed;
  }

  @BeforeAll
  void open() {
    Assumptions.assumeTrue(isPresent(needed), "this processor has no " + needed);
    backend = new NativeBackend("cpu", NativeContext.openCpu(1, Optional.of(kernels)));
  }

  private static boolean isPresent(String kernels) {
    try {
      NativeContext.openCpu(1, Optional.of(kernels)).close();
      return true;
    } catch (DeviceException e) {
      return false;
    }
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @AfterAll
  void close() {
    if (backend != null) {
      backend.close();
    }
  }
}
