package dev.emergence.backend;

/** The kernels for AVX2; skipped on processors that lack it. */
class CpuAvx2KernelsTest extends CpuKernelsContract {
  CpuAvx2KernelsTest() {
    super("avx2", "avx2");
  }
}
