package dev.emergence.backend;

import dev.emergence.tensor.Backend;
import java.nio.file.Path;
import java.util.Optional;

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

  /** A GPU that is none, and multiplies by our own kernel. */
  public static Backend emulated() {
    return emulated(Optional.empty());
  }

  /** A GPU that is none, with a library in the place of NVIDIA's, the caller's to close. */
  public static Backend withStandIn() {
    return emulated(Optional.of(standIn(12)));
  }

  private static Backend emulated(Optional<Path> products) {
    NativeContext context = NativeContext.openCuda(0, library());
    context.products(products);
    return new NativeBackend("cuda", context);
  }

  /** Stands in for libcublasLt; the emulated driver serves that of CUDA 12. */
  static Path standIn(int major) {
    return library().resolveSibling("standin" + major).resolve("libcublasLt.so." + major);
  }

  /** Built beside the CUDA library, for tests only. */
  static Path library() {
    return Path.of(System.getProperty("em.emulated", "target/native/emu/libemergence_emulated.so"))
        .toAbsolutePath();
  }
}
