package dev.emergence.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A side's process, spoken to by lines; see {@link SideProcess}. */
final class Child implements AutoCloseable {
  private final String name;
  private final Process process;
  private final BufferedReader out;

  /** What sides are given of the environment, beside one thread. */
  private static final Map<String, String> SETTINGS = new TreeMap<>();

  /** From here on each side keeps to AVX2: ours, ATen's kernels, OpenBLAS and oneDNN. */
  static void withAvx2Alone() {
    SETTINGS.putAll(
        Map.of(
            "EM_ISA", "avx2",
            "ATEN_CPU_CAPABILITY", "avx2",
            "OPENBLAS_CORETYPE", "Haswell",
            "ONEDNN_MAX_CPU_ISA", "AVX2"));
  }

  private Child(String name, Process process) {
    this.name = name;
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts a side and waits until it is ready. One that dies before, as the preset's loader does
   * now and then when it unpacks its libraries for the first time, is started once more.
   */
  static Child start(String name, List<String> command) {
    for (int attempt = 0; ; attempt++) {
      try {
        Child child = new Child(name, builder(command).start());
        String line = child.out.readLine();
        if ("ready".equals(line)) {
          return child;
        }
        child.close();
        if (attempt == 1) {
          throw new IllegalStateException(
              name + " did not start; its command: " + String.join(" ", command));
        }
        System.err.println(name + " died while starting (said " + line + "); started again");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Settings that would slow the peer's BLAS down, or spread a side over cores, are taken out. */
  static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeAll(List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"));
    builder.environment().putAll(SETTINGS);
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("OPENBLAS_NUM_THREADS", "1");
    return builder;
  }

  /** Sends a line without waiting for the answer. */
  void send(String line) {
    try {
      process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " has died", e);
    }
  }

  /** The numbers of the next answer. */
  double[] receive() {
    try {
      String line = out.readLine();
      if (line == null) {
        throw new IllegalStateException(name + " has died");
      }
      return Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  double[] ask(String line) {
    send(line);
    return receive();
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      process.waitFor();
    } catch (IOException e) {
      process.destroy();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }
}
