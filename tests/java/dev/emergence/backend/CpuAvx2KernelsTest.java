package dev.emergence.backend;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.BackendContract;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/**
 * What every backend must do, of the cpu backend with the kernels for AVX2; skipped on processors
 * that lack it.
 */
class CpuAvx2KernelsTest implements BackendContract {
  private static NativeBackend backend;

  @BeforeAll
  static void open() {
    Assumptions.assumeTrue(CpuKernels.present("avx2"), "this processor has no AVX2");
    backend = new NativeBackend("cpu", NativeContext.openCpu(1, Optional.of("avx2")));
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @AfterAll
  static void close() {
    if (backend != null) {
      backend.close();
    }
  }
}
