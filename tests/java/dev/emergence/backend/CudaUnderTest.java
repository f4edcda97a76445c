package dev.emergence.backend;

import dev.emergence.tensor.Backend;
import java.nio.file.Path;

/**
 * What tests of the cuda backend run on: a real GPU when {@code -Dem.gpu=true} says so, which is
 * what {@code ./dev gpu-check} does; otherwise the same kernel sources, compiled for the processor.
 */
public final class CudaUnderTest {
  private CudaUnderTest() {}

  /** Whether tests run on a GPU. */
  public static boolean isReal() {
    return Boolean.getBoolean("em.gpu");
  }

  /** A backend, the caller's to close. */
  public static Backend open() {
    return isReal() ? Devices.open("cuda", 1) : emulated();
  }

  /** A GPU that is none. */
  static Backend emulated() {
    return new NativeBackend("cuda", NativeContext.openCuda(0, library()));
  }

  /** Built beside the CUDA library, for tests only. */
  static Path library() {
    return Path.of(System.getProperty("em.emulated", "target/native/emu/libemergence_emulated.so"))
        .toAbsolutePath();
  }
}
