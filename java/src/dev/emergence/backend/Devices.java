package dev.emergence.backend;

import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DeviceException;
import dev.emergence.tensor.DeviceException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
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
      if (context.description().startsWith("emulated")) {
        context.products(Optional.empty());
      } else {
        chooseProducts(context, CudaLibraries.ofThisMachine());
      }
      return new NativeBackend("cuda", context);
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
  }

  /** Takes the first cuBLAS of this machine that can be used, with this driver. */
  static void chooseProducts(NativeContext context, CudaLibraries libraries) {
    List<String> reasons = new ArrayList<>();
    for (Path library : libraries.candidates()) {
      try {
        context.products(Optional.of(library));
        return;
      } catch (DeviceException e) {
        if (e.reason() != Reason.UNAVAILABLE) {
          throw e;
        }
        reasons.add(e.getMessage());
      }
    }
    throw new DeviceException(
        Reason.UNAVAILABLE,
        "cuBLAS cannot be used ("
            + (reasons.isEmpty()
                ? String.join(", ", libraries.report())
                : String.join("; ", reasons))
            + "); install the toolkit of CUDA 12 or 13 or Python's nvidia-cublas, name its folder in "
            + CudaLibraries.VARIABLE
            + ", or add bytedeco's cuda-redist-cublas to the class path");
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
