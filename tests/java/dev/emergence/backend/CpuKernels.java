package dev.emergence.backend;

import dev.emergence.tensor.DeviceException;
import java.util.Optional;

/** Which of the cpu backend's kernels this processor can run. */
final class CpuKernels {
  private CpuKernels() {}

  static boolean present(String instructionSet) {
    try {
      NativeContext.openCpu(1, Optional.of(instructionSet)).close();
      return true;
    } catch (DeviceException e) {
      return false;
    }
  }
}
