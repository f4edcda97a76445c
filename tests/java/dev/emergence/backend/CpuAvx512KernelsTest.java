package dev.emergence.backend;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.BackendContract;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/**
 * What every backend must do, of the cpu backend with the kernels for AVX-512, on processors that
 * have better ones, which {@link CpuBackendTest} tests; skipped on others.
 */
class CpuAvx512KernelsTest implements BackendContract {
  private static NativeBackend backend;

  @BeforeAll
  static void open() {
    Assumptions.assumeTrue(
        CpuKernels.present("amx"), "the best kernels here are tested already: it has no tile unit");
    backend = new NativeBackend("cpu", NativeContext.openCpu(1, Optional.of("avx512")));
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
