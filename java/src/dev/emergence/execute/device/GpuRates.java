package dev.emergence.execute.device;

import dev.emergence.tensor.Arithmetic;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * What GPUs are taken to do, from one file beside this class, {@value #FILE}: a measurement is
 * entered there and nowhere else.
 */
final class GpuRates {
  static final String FILE = "gpu-rates.properties";

  private final Properties values;

  private GpuRates(Properties values) {
    this.values = values;
  }

  /** The rates of this build. */
  static GpuRates load() {
    Properties values = new Properties();
    try (InputStream in = GpuRates.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks " + FILE);
      }
      values.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new GpuRates(values);
  }

  /** Short names of the GPUs. */
  List<String> gpus() {
    return List.of(text("gpus").split("\\s+"));
  }

  /** The name that people know. */
  String name(String gpu) {
    return text(gpu + ".name");
  }

  int multiprocessors(String gpu) {
    return (int) number(gpu + ".multiprocessors");
  }

  /** Bytes a second at which an operation reads and writes. */
  double bytesPerSecond(String gpu, String operation) {
    return number(gpu + ".copy") * share("bytes." + operation, "bytes.default");
  }

  /** Operations a second of an operation that fills the GPU. */
  double operationsPerSecond(String gpu, String operation, Arithmetic arithmetic) {
    String kind = arithmetic.name().toLowerCase(Locale.ROOT);
    return number(gpu + "." + kind)
        * share("operations." + operation + "." + kind, "operations.default." + kind);
  }

  /** Least seconds of a kernel. */
  double launchSeconds() {
    return number("launch");
  }

  /** Rows and columns of a product that one block computes. */
  int tile() {
    return (int) number("tile");
  }

  /** Kernels of an operation; {@code small}: see {@link OperationWork}. */
  int launches(String operation, boolean small) {
    String key = "launches." + operation;
    Optional<String> own = small ? find(key + ".small") : Optional.empty();
    return own.or(() -> find(key)).map(Integer::parseInt).orElse(1);
  }

  private double share(String key, String otherwise) {
    return find(key).isPresent() ? number(key) : number(otherwise);
  }

  private Optional<String> find(String key) {
    return Optional.ofNullable(values.getProperty(key)).map(String::strip);
  }

  private String text(String key) {
    return find(key).orElseThrow(() -> new IllegalStateException(FILE + " lacks " + key));
  }

  private double number(String key) {
    String text = text(key);
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalStateException(FILE + ": " + key + " is no number: " + text, e);
    }
  }
}
