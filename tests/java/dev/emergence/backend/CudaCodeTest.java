package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  @Test
  void every_kernel_is_there_for_every_gpu_that_the_build_names() throws IOException {
    Optional<Path> library = NativeLibrary.cudaLibrary();
    assumeThat(library).as("a build with nvcc").isPresent();
    List<Set<String>> parts =
        FatBinaries.of(Files.readAllBytes(library.get())).stream().map(CudaCodeTest::gpus).toList();
    assumeThat(parts).as("kernels compiled for GPUs").isNotEmpty();
    assertThat(parts)
        .hasSizeGreaterThan(10)
        .allSatisfy(held -> assertThat(held).isEqualTo(named()));
  }

  private static Set<String> gpus(List<FatBinaries.Code> file) {
    return file.stream()
        .map(code -> (code.ptx() ? "compute_" : "sm_") + code.gpu())
        .collect(Collectors.toCollection(TreeSet::new));
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
}
