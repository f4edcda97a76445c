package dev.emergence.backend;

/**
 * The kernels for AVX-512 on processors that have better ones. {@link CpuBackendTest} tests the
 * best, so that elsewhere nothing is left to test here.
 */
class CpuAvx512KernelsTest extends CpuKernelsContract {
  CpuAvx512KernelsTest() {
    super("avx512", "amx");
  }
}
