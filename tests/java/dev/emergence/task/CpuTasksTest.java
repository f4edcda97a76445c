package dev.emergence.task;

import dev.emergence.backend.Devices;
import dev.emergence.tensor.Backend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

/** Every task on the cpu backend: what its operations draw is what the task means. */
class CpuTasksTest {
  private static final Backend BACKEND = Devices.open("cpu", 1);

  @Nested
  class Regression implements RegressionCase {
    @Override
    public Backend backend() {
      return BACKEND;
    }
  }

  @Nested
  class Recall implements RecallCase {
    @Override
    public Backend backend() {
      return BACKEND;
    }
  }

  @Nested
  class Maps implements LinearMapCase {
    @Override
    public Backend backend() {
      return BACKEND;
    }
  }

  @Nested
  class Automata implements AutomatonCase {
    @Override
    public Backend backend() {
      return BACKEND;
    }
  }

  @Nested
  class Blocks implements BlockRecallCase {
    @Override
    public Backend backend() {
      return BACKEND;
    }
  }

  @AfterAll
  static void close() {
    BACKEND.close();
  }
}
