package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** For which GPUs the jar's CUDA library holds code. */
class CudaCodeTest {
  private static final int MAGIC = 0xBA55ED50;
  private static final int PTX = 1;

  @Test
  void every_kernel_is_there_for_every_gpu_that_the_build_names() throws IOException {
    Optional<Path> library = NativeLibrary.cudaLibrary();
    assumeThat(library).as("a build with nvcc").isPresent();
    List<Set<String>> parts = parts(Files.readAllBytes(library.get()));
    assumeThat(parts).as("kernels compiled for GPUs").isNotEmpty();
    assertThat(parts)
        .hasSizeGreaterThan(10)
        .allSatisfy(held -> assertThat(held).isEqualTo(named()));
  }

  /** What cuda.cmake names, or what this build was told to compile for instead. */
  private static Set<String> named() throws IOException {
    String asked = found("EM_CUDA_ARCHITECTURES:STRING=(.+)", "target/native/CMakeCache.txt");
    String list =
        asked.matches("RELEASE|TESTS")
            ? found("set\\(EM_CUDA_" + asked + " ([^)]+)\\)", "native/cuda/cuda.cmake")
            : found("EM_CUDA_GPUS:INTERNAL=(.+)", "target/native/CMakeCache.txt");
    assumeThat(list).as("GPUs named by their numbers").matches("\\d.*");
    return Stream.of(list.split("[ ;]"))
        .flatMap(
            gpu ->
                gpu.endsWith("-real")
                    ? Stream.of("sm_" + gpu.replace("-real", ""))
                    : gpu.endsWith("-virtual")
                        ? Stream.of("compute_" + gpu.replace("-virtual", ""))
                        : Stream.of("sm_" + gpu, "compute_" + gpu))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String found(String pattern, String file) throws IOException {
    Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
    assertThat(matcher.find()).as("%s in %s", pattern, file).isTrue();
    return matcher.group(1);
  }

  /**
   * What each source file's fat binary holds. A fat binary starts with a magic number, the size of
   * that header and of all that follows: entries, each with its kind, the size of its own header,
   * the size of its code, and at byte 28 the GPU.
   */
  private static List<Set<String>> parts(byte[] library) {
    ByteBuffer bytes = ByteBuffer.wrap(library).order(ByteOrder.LITTLE_ENDIAN);
    List<Set<String>> parts = new ArrayList<>();
    for (int at = 0; at + 16 <= library.length; at += 8) {
      if (bytes.getInt(at) == MAGIC) {
        int first = at + bytes.getShort(at + 6);
        int end = first + Math.toIntExact(bytes.getLong(at + 8));
        Set<String> held = new TreeSet<>();
        for (int entry = first; entry < end; ) {
          held.add((bytes.getShort(entry) == PTX ? "compute_" : "sm_") + bytes.getInt(entry + 28));
          entry += bytes.getInt(entry + 4) + Math.toIntExact(bytes.getLong(entry + 8));
        }
        parts.add(held);
        at = end - 8;
      }
    }
    return parts;
  }
}
