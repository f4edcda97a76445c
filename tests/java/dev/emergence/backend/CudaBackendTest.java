package dev.emergence.backend;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.BackendContract;
import org.junit.jupiter.api.AfterAll;

/**
 * What every backend must do, of the CUDA kernels. Compiled for the host they show their
 * arithmetic, indices, barriers and graphs, though neither their speed nor what only a GPU can do
 * wrong.
 */
class CudaBackendTest implements BackendContract {
  private static final Backend BACKEND = CudaUnderTest.open();

  @Override
  public Backend backend() {
    return BACKEND;
  }

  @AfterAll
  static void close() {
    BACKEND.close();
  }
}
