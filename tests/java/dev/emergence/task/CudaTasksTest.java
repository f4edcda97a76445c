package dev.emergence.task;

import dev.emergence.backend.CudaUnderTest;
import dev.emergence.tensor.Backend;
import org.junit.jupiter.api.AfterAll;

/** Every task on the cuda backend. */
class CudaTasksTest extends EveryTask {
  private static final Backend BACKEND = CudaUnderTest.open();

  @Override
  Backend backend() {
    return BACKEND;
  }

  @AfterAll
  static void close() {
    BACKEND.close();
  }
}
