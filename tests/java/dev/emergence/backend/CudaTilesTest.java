package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How many products on tensor cores and how many reads of shared memory a warp issues for a tile,
 * read from the PTX of the kernels. A number changes when a loop is no longer unrolled, a tile is
 * no longer one straight line, or reads are no longer of 16 bytes; no test of values would see it.
 */
class CudaTilesTest {
  private static final Pattern PRODUCT = Pattern.compile("\\smma\\.sync\\.");
  private static final Pattern READ = Pattern.compile("\\sld\\.shared(\\.v([24]))?\\.[bfu]32\\s");

  /** Where a straight line of instructions begins, and where it ends. */
  private static final Pattern BORDER =
      Pattern.compile("(?m)^\\$L__BB\\w+:|^\\s*(@!?%p\\d+ )?bra\\S* [^;]*;");

  @TempDir Path folder;

  /** Straight instructions of one lane: products, reads, and the bytes that these bring. */
  private record Line(long products, long reads, long bytes) {
    static Line of(String instructions) {
      LongSummaryStatistics bytes =
          READ.matcher(instructions)
              .results()
              .mapToLong(read -> 4 * (read.group(2) == null ? 1 : Long.parseLong(read.group(2))))
              .summaryStatistics();
      long products = PRODUCT.matcher(instructions).results().count();
      return new Line(products, bytes.getCount(), bytes.getSum());
    }
  }

  /** Of 16 rows of a warp and 32 others, heads of 64 that are aligned and not biased. */
  @ParameterizedTest
  @CsvSource({
    "attention_mma_forward, 4Tf32ELi64ELi32ELb1, 64, 32, 512",
    "attention_mma_forward, 4Bf16ELi64ELi32ELb1, 32, 32, 512",
    "attention_mma_forward, 10SplitFloatELi64ELi32ELb1, 192, 40, 640",
    "attention_mma_query_gradient, 4Tf32ELi64ELb1, 96, 48, 768",
    "attention_mma_query_gradient, 4Bf16ELi64ELb1, 48, 48, 768",
    "attention_mma_query_gradient, 10SplitFloatELi64ELb1, 288, 48, 768",
    "attention_mma_key_gradient, 4Tf32ELi64ELb1, 128, 96, 1344",
    "attention_mma_key_gradient, 4Bf16ELi64ELb1, 64, 88, 1216",
    "attention_mma_key_gradient, 10SplitFloatELi64ELb1, 384, 96, 1344",
    "attention_mma_joint_gradient, 4Tf32ELi64ELb1ELi5, 128, 96, 1344",
    "attention_mma_joint_gradient, 4Tf32ELi64ELb1ELi8, 128, 96, 1344",
    "attention_mma_joint_gradient, 4Bf16ELi64ELb1ELi4, 64, 88, 1216",
    "attention_mma_joint_gradient, 4Bf16ELi64ELb1ELi8, 64, 88, 1216",
    "attention_mma_joint_gradient, 10SplitFloatELi64ELb1ELi4, 384, 96, 1344",
    "attention_mma_joint_gradient, 10SplitFloatELi64ELb1ELi8, 384, 96, 1344"
  })
  void a_tile_of_attention_is_one_line(
      String file, String kernel, long products, long reads, long bytes) throws Exception {
    assertThat(lines(file, file + "_kernelINS_" + kernel))
        .isEqualTo(List.of(new Line(products, reads, bytes)));
  }

  /**
   * Large tiles. Of each product of a warp the lanes read 128 bytes in tf32, 256 in bf16 and 64 of
   * split numbers; gradients that go together with sums, in narrower tiles of a warp, 192 in tf32.
   */
  @ParameterizedTest
  @CsvSource({
    "own_product, 4Tf32, 128ELi64ELi64ELi32, 4, 128",
    "own_product, 4Bf16, 128ELi64ELi64ELi16, 4, 256",
    "own_product, 10SplitFloat, 128ELi32ELi64ELi32, 4, 64",
    "gradients, 4Tf32, 128ELi64ELi64ELi32, 1, 128",
    "gradients, 4Tf32, 128ELi64ELi32ELi32, 1, 192",
    "gradients, 10SplitFloat, 128ELi32ELi64ELi32, 2, 64"
  })
  void a_product_of_large_tiles_reads_so_many_bytes_of_shared_memory(
      String file, String arithmetic, String tile, int kernels, long bytes) throws Exception {
    List<Line> lines = lines(file, "OnTensorCoresINS_" + arithmetic + "E.*TilesILi" + tile);
    // Of A^T B both lie so that all reads are of 16 bytes; else some are of 8.
    assertThat(lines).anyMatch(line -> line.reads() == line.bytes() / 16);
    assertThat(lines)
        .hasSize(kernels)
        .allSatisfy(
            line -> {
              assertThat(line.products()).isGreaterThanOrEqualTo(32);
              assertThat(32 * line.bytes()).isEqualTo(bytes * line.products());
              assertThat(line.reads()).isLessThanOrEqualTo(line.bytes() / 8);
            });
  }

  /** Of each kernel with such a name the line with most products. */
  private List<Line> lines(String file, String name) throws Exception {
    Pattern named = Pattern.compile(name);
    return Stream.of(CompiledKernels.ptx(file, folder).split("\\.entry "))
        .skip(1)
        .filter(kernel -> named.matcher(kernel.substring(0, kernel.indexOf('('))).find())
        .map(
            kernel ->
                BORDER
                    .splitAsStream(kernel)
                    .map(Line::of)
                    .max(Comparator.comparingLong(Line::products))
                    .orElseThrow())
        .toList();
  }
}
