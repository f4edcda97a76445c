package dev.emergence.task;

import dev.emergence.backend.Devices;
import dev.emergence.tensor.Backend;
import org.junit.jupiter.api.AfterAll;

/** Every task on the cpu backend. */
class CpuTasksTest extends EveryTask {
  private static final Backend BACKEND = Devices.open("cpu", 1);

  @Override
  Backend backend() {
    return BACKEND;
  }

  @AfterAll
  static void close() {
    BACKEND.close();
  }
}
