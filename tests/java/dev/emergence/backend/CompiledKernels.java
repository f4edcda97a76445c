package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The code that nvcc makes of our kernels, for tests that read it. */
final class CompiledKernels {
  private static final Map<String, String> MADE = new ConcurrentHashMap<>();

  private CompiledKernels() {}

  /**
   * The PTX of a file of kernels: what the build has left, or else made here. Skips the test where
   * there is neither.
   *
   * @param folder where it may be made
   */
  static String ptx(String file, Path folder) throws IOException, InterruptedException {
    Path kept = Path.of("target/native/ptx", file + ".ptx");
    if (isOfThisSource(kept)) {
      return Files.readString(kept);
    }
    if (!MADE.containsKey(file)) {
      Path made = folder.resolve(file + ".ptx");
      compile(file, made, folder.resolve("log"));
      MADE.put(file, Files.readString(made));
    }
    return MADE.get(file);
  }

  /** Whether a file that the build leaves is there, and newer than all sources of kernels. */
  static boolean isOfThisSource(Path made) throws IOException {
    if (!Files.isRegularFile(made)) {
      return false;
    }
    FileTime time = Files.getLastModifiedTime(made);
    try (Stream<Path> sources = Files.walk(Path.of("native"))) {
      return sources
          .filter(source -> source.toString().matches(".*\\.(cu|h)"))
          .allMatch(source -> source.toFile().lastModified() < time.toMillis());
    }
  }

  private static void compile(String file, Path to, Path log)
      throws IOException, InterruptedException {
    Optional<Path> nvcc = nvcc();
    assumeThat(nvcc).as("nvcc on the path").isPresent();
    List<String> command =
        List.of(
            nvcc.get().toString(),
            "-std=c++17",
            "-O3",
            "-arch=compute_80",
            "-ptx",
            "-Inative",
            "-Inative/include",
            "native/cuda/" + file + ".cu",
            "-o",
            to.toString());
    Process compiler =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(compiler.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(compiler.exitValue()).as(Files.readString(log)).isZero();
  }

  private static Optional<Path> nvcc() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(Path::of)
        .map(place -> place.resolve("nvcc"))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
