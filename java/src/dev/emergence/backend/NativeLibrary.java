package dev.emergence.backend;

import dev.emergence.tensor.DeviceException;
import dev.emergence.tensor.DeviceException.Reason;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/** Loads the native library, once; a failure is remembered as a sentence. */
final class NativeLibrary {
  private static Optional<String> failure = Optional.empty();
  private static boolean tried;

  private NativeLibrary() {}

  /**
   * Makes {@link Em} usable.
   *
   * @throws DeviceException UNAVAILABLE, each time, when the library cannot be loaded
   */
  static synchronized void load() {
    if (!tried) {
      tried = true;
      failure = attempt();
    }
    if (failure.isPresent()) {
      throw new DeviceException(Reason.UNAVAILABLE, failure.get());
    }
  }

  private static Optional<String> attempt() {
    // Memory is counted by us, and a cap on the size of the process would kill a run that fits the
    // machine.
    System.getProperties().putIfAbsent("org.bytedeco.javacpp.maxBytes", "0");
    System.getProperties().putIfAbsent("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    Unpacking.settle();
    try {
      Loader.load(Em.class);
      return Optional.empty();
    } catch (LinkageError | RuntimeException e) {
      return Optional.of(
          "the native library for "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + " cannot be loaded: "
              + cause(e)
              + "; it is unpacked below ~/.javacpp, among the temporary files, or where -Dorg.bytedeco.javacpp.cachedir=DIR says;"
              + " it must be possible to write there and to run what was written");
    }
  }

  /** The innermost message, on one line. */
  static String cause(Throwable e) {
    Throwable inner = e;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    String text =
        inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
    return text.replaceAll("\\s+", " ").strip();
  }

  /** The CUDA library, unpacked; empty when this build has none. */
  static Optional<Path> cudaLibrary() {
    URL resource = Em.class.getResource(Loader.getPlatform() + "/libemergence_cuda.so");
    if (resource == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Loader.cacheResource(resource).toPath());
    } catch (IOException e) {
      throw new DeviceException(
          Reason.UNAVAILABLE, "the CUDA library cannot be unpacked: " + cause(e));
    }
  }
}
