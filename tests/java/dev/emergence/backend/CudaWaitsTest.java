package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Whether every kernel waits for the kernel before it (begin_kernel in launch.h), read from the
 * machine code in the jar's CUDA library. A kernel that does not would read numbers that are not
 * there yet where kernels are launched dependently, and a compiler may move what the source has in
 * the right order.
 */
class CudaWaitsTest {
  /** Numbers of operations in machine code: griddepcontrol.wait and .launch_dependents. */
  private static final int ACQBULK = 0x82E;

  private static final int PREEXIT = 0x82D;
  private static final int LDG = 0x981;

  /** What may come before the wait: reads of parameters, and room on the stack of the thread. */
  private static final Set<Integer> HARMLESS = Set.of(0xB82, 0xAB9, 0x836, 0x810);

  @Test
  void every_kernel_for_new_gpus_waits_before_it_touches_memory() throws IOException {
    Map<String, int[]> kernels = kernels(gpu -> gpu >= 90);
    assumeThat(kernels).as("kernels compiled for compute capability 9.0").isNotEmpty();
    assertThat(kernels).hasSizeGreaterThan(100);
    assertThat(kernels)
        .allSatisfy((name, operations) -> assertThat(fault(operations)).as(name).isEmpty());
  }

  @Test
  void code_for_older_gpus_has_nothing_of_it() throws IOException {
    Map<String, int[]> kernels = kernels(gpu -> gpu < 90);
    assumeThat(kernels).as("kernels compiled for compute capability 8").isNotEmpty();
    assertThat(kernels)
        .allSatisfy(
            (name, operations) -> assertThat(operations).as(name).doesNotContain(ACQBULK, PREEXIT));
  }

  @Test
  void a_kernel_that_loads_first_or_does_not_wait_is_found() {
    assertThat(fault(0xB82, ACQBULK, PREEXIT, LDG)).isEmpty();
    assertThat(fault(0xB82, LDG, ACQBULK, PREEXIT)).contains("operation 981 comes before the wait");
    assertThat(fault(0xB82, LDG)).contains("it does not wait");
    assertThat(fault(0xB82, ACQBULK, LDG)).contains("the next kernel is not let start");
  }

  private static Optional<String> fault(int... operations) {
    int wait =
        IntStream.range(0, operations.length)
            .filter(i -> operations[i] == ACQBULK)
            .findFirst()
            .orElse(-1);
    if (wait < 0) {
      return Optional.of("it does not wait");
    }
    if (Arrays.stream(operations).noneMatch(operation -> operation == PREEXIT)) {
      return Optional.of("the next kernel is not let start");
    }
    return Arrays.stream(operations, 0, wait)
        .filter(operation -> !HARMLESS.contains(operation))
        .mapToObj(operation -> "operation %X comes before the wait".formatted(operation))
        .findFirst();
  }

  private static Map<String, int[]> kernels(IntPredicate gpus) throws IOException {
    Optional<Path> library = NativeLibrary.cudaLibrary();
    assumeThat(library).as("a build with nvcc").isPresent();
    Map<String, int[]> kernels = new TreeMap<>();
    FatBinaries.of(Files.readAllBytes(library.get())).stream()
        .flatMap(file -> file.stream())
        .filter(code -> !code.ptx() && gpus.test(code.gpu()))
        .forEach(
            code ->
                code.kernels().forEach((name, body) -> kernels.put(code.gpu() + " " + name, body)));
    return kernels;
  }
}
