package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How wide the compiled kernels store, and what they round, read from their PTX. A compiler that
 * cannot prove an address aligned splits a store of 16 bytes into four, and it may fuse a product
 * with a difference: no test of values without a GPU would see either.
 */
class CudaStoresTest {
  private static final Pattern NARROW = Pattern.compile("\\sst\\.global\\.(wb\\.)?[fb]32\\s");
  private static final Pattern WIDE = Pattern.compile("\\sst\\.global\\.(wb\\.)?v4\\.");

  private static final Pattern INSTRUCTION =
      Pattern.compile("\\s([a-z]+[\\w.]*)\\s+(%\\w+), ([^;]+);");

  @TempDir Path folder;

  /** Stores of one kernel. */
  private record Stores(int narrow, int wide) {}

  /**
   * Kernels over four numbers at once carry that 4 as their first template argument.
   *
   * @param narrow how many stores of 4 bytes such a kernel may have: layer norm's two statistics a
   *     row, for four rows
   */
  @ParameterizedTest
  @CsvSource({
    "elementwise, 0",
    "columns, 1",
    "tokens, 0",
    "layer_norm, 8",
    "layer_norm_backward, 0"
  })
  void kernels_over_fours_store_sixteen_bytes_at_once(String file, int narrow) throws Exception {
    assertThat(kernels(file))
        .filteredOn(kernel -> kernel.name().contains("_kernelILi4E"))
        .isNotEmpty()
        .allSatisfy(
            kernel -> {
              assertThat(kernel.stores().narrow()).as(kernel.name()).isLessThanOrEqualTo(narrow);
              assertThat(kernel.stores().wide()).as(kernel.name()).isPositive();
            });
  }

  /**
   * Attention decides between rows of fours and others at run time, so that each row's store is
   * compiled both ways; what is left over is one number (lse) for each of up to eight rows. Heads
   * of 32 and less have one column a lane.
   */
  @ParameterizedTest
  @CsvSource({
    "attention_forward",
    "attention_backward",
    "attention_head_backward",
    "attention_single",
    "attention_single_backward"
  })
  void attention_stores_rows_of_fours_sixteen_bytes_at_once(String file) throws Exception {
    assertThat(kernels(file))
        .filteredOn(kernel -> kernel.name().matches(".*_kernelILi(64|128)E.*"))
        .filteredOn(kernel -> kernel.stores().narrow() > 8)
        .isNotEmpty()
        .allSatisfy(
            kernel ->
                assertThat(kernel.stores().narrow())
                    .as(kernel.name())
                    .isLessThanOrEqualTo(4 * kernel.stores().wide() + 8));
  }

  private record Kernel(String name, Stores stores) {}

  private Stream<Kernel> stream(String ptx) {
    Map<String, Stores> kernels = new LinkedHashMap<>();
    String name = "";
    for (String line : ptx.split("\n")) {
      if (line.contains(".entry ")) {
        name = line.substring(line.indexOf(".entry ") + 7).replaceAll("\\(.*", "").strip();
        kernels.put(name, new Stores(0, 0));
      } else if (NARROW.matcher(line).find()) {
        kernels.compute(name, (n, s) -> new Stores(s.narrow() + 1, s.wide()));
      } else if (WIDE.matcher(line).find()) {
        kernels.compute(name, (n, s) -> new Stores(s.narrow(), s.wide() + 1));
      }
    }
    return kernels.entrySet().stream().map(e -> new Kernel(e.getKey(), e.getValue()));
  }

  /**
   * Copies to shared memory pass no register, and rows of fours go by 16 bytes. That no register is
   * spilled the build itself sees to (cuda.cmake).
   *
   * @param count kernels; gradients of weights have large tiles in tf32 and of split numbers alone,
   *     of one replica and of several
   * @param tf32 of them those that multiply in tf32, or in float32 by three products of tf32
   * @param bf16 of them those that multiply in bf16
   */
  @ParameterizedTest
  @CsvSource({"own_product, 48, 24, 12", "gradients, 16, 10, 3"})
  void our_own_product_copies_beside_arithmetic_and_keeps_its_tile_in_registers(
      String file, int count, int tf32, int bf16) throws Exception {
    String[] kernels = CompiledKernels.ptx(file, folder).split("\\.entry ");
    assertThat(kernels).hasSize(1 + count);
    for (String kernel : Arrays.copyOfRange(kernels, 1, kernels.length)) {
      assertThat(kernel)
          .contains("cp.async.cg.shared.global", "cp.async.wait_group ", "ld.shared.v4")
          .contains("ld.global.v4", "st.global.wb.v4", "fma.rn.f32");
    }
    Map<String, Integer> instructions =
        Map.of("m16n8k8.row.col.f32.tf32", tf32, "m16n8k16.row.col.f32.bf16", bf16);
    instructions.forEach(
        (instruction, matrix) ->
            assertThat(
                    Stream.of(kernels).filter(k -> k.contains("mma.sync.aligned." + instruction)))
                .hasSize(matrix)
                .allSatisfy(k -> assertThat(k).contains("st.shared.v")));
  }

  /**
   * What is subtracted before an exponential is a rounded score and a rounded lse: ptxas fuses a
   * {@code mul} of PTX with a subtraction, a {@code mul.rn} never.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "attention_lists",
        "attention_mma_forward",
        "attention_mma_query_gradient",
        "attention_mma_key_gradient"
      })
  void exponents_of_attention_are_differences_of_rounded_numbers(String file) throws Exception {
    List<String> exponents =
        Stream.of(CompiledKernels.ptx(file, folder).split("\\.entry "))
            .flatMap(kernel -> exponents(kernel).stream())
            .toList();
    assertThat(exponents)
        .isNotEmpty()
        .allSatisfy(how -> assertThat(how).startsWith("sub.f32 of ").doesNotContain("mul.f32"));
    assertThat(exponents).anyMatch(how -> how.contains("mul.rn.f32"));
  }

  /** How the arguments of a kernel's exponentials are computed, from what. */
  private static List<String> exponents(String kernel) {
    Map<String, String> operations = new HashMap<>();
    Map<String, String> operands = new HashMap<>();
    List<String> found = new ArrayList<>();
    Matcher instructions = INSTRUCTION.matcher(kernel);
    while (instructions.find()) {
      if (instructions.group(1).startsWith("ex2")) {
        String argument = instructions.group(3);
        found.add(
            operations.get(argument)
                + " of "
                + Stream.of(operands.getOrDefault(argument, "").split(", "))
                    .map(of -> operations.getOrDefault(of, of))
                    .toList());
      }
      operations.put(instructions.group(2), instructions.group(1));
      operands.put(instructions.group(2), instructions.group(3));
    }
    return found;
  }

  private List<Kernel> kernels(String file) throws IOException, InterruptedException {
    return stream(CompiledKernels.ptx(file, folder)).toList();
  }
}
