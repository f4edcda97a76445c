package dev.emergence.task;

import dev.emergence.reference.ReferenceBackend;
import dev.emergence.tensor.Backend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

/** Every task on the reference backend: what its operations draw is what the task means. */
class ReferenceTasksTest {
  private static final Backend BACKEND = new ReferenceBackend();

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
