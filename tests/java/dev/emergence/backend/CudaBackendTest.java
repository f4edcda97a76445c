package dev.emergence.backend;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.BackendContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;

/**
 * What every backend must do, of the CUDA kernels compiled for the host: their arithmetic, indices,
 * barriers and graphs, though neither their speed nor what only a GPU can do wrong.
 */
class EmulatedCudaBackendTest implements BackendContract {
  private static final Backend BACKEND = emulated();

  /** Built beside the CUDA library, for tests only. */
  static Path library() {
    return Path.of(System.getProperty("em.emulated", "target/native/emu/libemergence_emulated.so"))
        .toAbsolutePath();
  }

  /** A GPU that is none. */
  static Backend emulated() {
    return new NativeBackend("cuda", NativeContext.openCuda(0, library()));
  }

  @Override
  public Backend backend() {
    return BACKEND;
  }

  @AfterAll
  static void close() {
    BACKEND.close();
  }
}
