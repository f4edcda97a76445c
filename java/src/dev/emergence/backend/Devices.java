package dev.emergence.backend;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DeviceException;
import dev.emergence.tensor.DeviceException.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The catalog of native devices: names to backends. */
public final class Devices {
  private Devices() {}

  /** Known names, whether the device is there or not. */
  public static List<String> names() {
    return List.of("cpu", "cuda");
  }

  /**
   * Opens a device, to be closed by the caller.
   *
   * @param name one of {@link #names}; {@code cuda:1} is the second GPU
   * @param threads threads of the cpu backend; results do not depend on it
   * @throws IllegalArgumentException when the name is unknown
   * @throws DeviceException UNAVAILABLE when this machine or this build lacks it; its message is
   *     one sentence
   */
  public static Backend open(String name, int threads) {
    if (name.equals("cpu")) {
      return new NativeBackend("cpu", NativeContext.openCpu(threads, Optional.empty()));
    }
    if (name.matches("cuda(:\\d{1,3})?")) {
      int device = name.equals("cuda") ? 0 : Integer.parseInt(name.substring(5));
      return openCuda(device);
    }
    throw new IllegalArgumentException(
        "unknown device '" + name + "'; known: " + String.join(", ", names()));
  }

  private static Backend openCuda(int device) {
    NativeLibrary.load();
    Path library =
        NativeLibrary.cudaLibrary()
            .orElseThrow(
                () ->
                    new DeviceException(
                        Reason.UNAVAILABLE,
                        "cuda: this build has no CUDA kernels; build it where nvcc is on the path, or use device cpu"));
    NativeContext context = NativeContext.openCuda(device, library);
    try {
      // A build with -Dem.cuda=EMU runs the kernels on the processor, and multiplies by one of
      // them.
      if (!context.description().startsWith("emulated")) {
        context.multiplyByCublas(device);
      }
      return new NativeBackend("cuda", context);
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
  }

  /** What cuda needs of NVIDIA, where it was looked for and where it is: a line each. */
  public static List<String> cudaSearch() {
    return CudaLibraries.ofThisMachine().search();
  }

  /** Why a device cannot be opened here; empty when it can. */
  public static Optional<String> missing(String name) {
    try {
      open(name, 1).close();
      return Optional.empty();
    } catch (DeviceException e) {
      return Optional.of(e.getMessage());
    }
  }
}
