package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.tensor.Activation;
import dev.emergence.tensor.Arithmetic;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.StepProgram;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our own products on the emulated GPU, and what they can do to a result before it is stored. The
 * build runs it a second time with {@code EM_SPLIT_PRODUCTS=1}.
 */
class OwnProductsTest {
  private static final boolean SPLIT = "1".equals(System.getenv("EM_SPLIT_PRODUCTS"));
  private static final Backend BACKEND = CudaUnderTest.emulated();

  @AfterAll
  static void close() {
    BACKEND.close();
  }

  @AfterEach
  void restore() {
    BACKEND.arithmetic(Arithmetic.FLOAT32);
  }

  private static Tensor normals(Scope scope, Random random, long... shape) {
    Tensor t = scope.floats(shape);
    float[] values = new float[Math.toIntExact(t.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    BACKEND.write(t, values);
    return t;
  }

  /**
   * Tiles of 128 by 128, of 64 by 64, of 32 by 32, edges, rows that start at 16 bytes and others,
   * pieces.
   */
  static Stream<Arguments> products() {
    int[][] shapes = {
      {0, 0, 130, 132, 36},
      {0, 1, 130, 129, 17},
      {1, 0, 132, 68, 65},
      {1, 1, 3, 5, 7},
      {1, 1, 132, 136, 20},
      {0, 1, 64, 64, 16},
      {1, 0, 66, 9, 1100},
      {0, 0, 1, 1, 1},
      {0, 0, 70, 33, 530}
    };
    // So many large tiles that float32 has them; not of a gradient of weights (A transposed alone).
    int[][] large = {{0, 0, 2050, 1028, 9}, {0, 1, 2050, 1030, 9}, {1, 1, 2052, 1028, 9}};
    return Stream.concat(
        Stream.of(Arithmetic.values())
            .flatMap(a -> Stream.of(shapes).map(s -> Arguments.of(a, s[0] != 0, s[1] != 0, s))),
        Stream.of(large).map(s -> Arguments.of(Arithmetic.FLOAT32, s[0] != 0, s[1] != 0, s)));
  }

  /**
   * Two operands are rounded, each by a unit at most, and an error of both is a little more. A sum
   * of float32 is a chain of k fused operations, each rounded once. On tensor cores one operation
   * adds 8 or 16 terms, whose addends lose what is below 2^-24 of the largest, and cuts off. Of
   * numbers that are split, 8 units of 2^-23 are left out of a product, and six operations have 16
   * terms, whose sum is rounded once more.
   */
  private static double rounding(Arithmetic arithmetic, int k) {
    return switch (arithmetic) {
      case FLOAT32 -> SPLIT ? 8 * 0x1p-23 + (k + 16) * 0x1p-23 : k * 0x1p-24;
      case TF32 -> 2.001 * 0x1p-11 + (k + 16) * 0x1p-23;
      case BF16 -> 2.01 * 0x1p-8 + (k + 32) * 0x1p-23;
    };
  }

  @ParameterizedTest
  @MethodSource("products")
  void a_product_is_that_of_float64_to_rounding(
      Arithmetic arithmetic, boolean ta, boolean tb, int[] shape) {
    int m = shape[2];
    int n = shape[3];
    int k = shape[4];
    BACKEND.arithmetic(arithmetic);
    try (Scope scope = new Scope(BACKEND)) {
      Random random = new Random(2);
      Tensor a = normals(scope, random, 2, ta ? k : m, ta ? m : k);
      Tensor b = normals(scope, random, 2, tb ? n : k, tb ? k : n);
      Tensor c = scope.floats(2, m, n);
      BACKEND.gemm(ta, tb, a, b, 0, c);
      double[] left = BACKEND.doubles(a);
      double[] right = BACKEND.doubles(b);
      double[] got = BACKEND.doubles(c);
      for (int at = 0; at < got.length; at++) {
        int r = at / (m * n);
        int i = at / n % m;
        int j = at % n;
        double want = 0;
        double size = 0;
        for (int x = 0; x < k; x++) {
          double term =
              left[r * m * k + (ta ? x * m + i : i * k + x)]
                  * right[r * k * n + (tb ? j * k + x : x * n + j)];
          want += term;
          size += Math.abs(term);
        }
        double error = Math.abs(got[at] - want);
        assertThat(error <= rounding(arithmetic, k) * size)
            .as("%d, %d, %d: want %s, got %s", r, i, j, want, got[at])
            .isTrue();
      }
    }
  }

  /**
   * So the choice of a tile changes no run. It looks at the number of replicas; in float32 it does
   * so between tiles of 64 by 64 and of 32 by 32, as here, and not for larger ones. On tensor cores
   * these are tiles of three sizes. A transposed operand is read otherwise and gives the same bits,
   * too.
   */
  @ParameterizedTest
  @EnumSource
  void an_element_has_the_same_bits_in_every_tile_and_form(Arithmetic arithmetic) {
    BACKEND.arithmetic(arithmetic);
    try (Scope scope = new Scope(BACKEND)) {
      Random random = new Random(3);
      Tensor a = normals(scope, random, 1, 132, 40);
      Tensor b = normals(scope, random, 1, 136, 40);
      Tensor large = scope.floats(1, 132, 136);
      BACKEND.gemm(false, true, a, b, 0, large);
      for (int rows : new int[] {70, 20}) {
        Tensor small = scope.floats(1, rows, 136);
        BACKEND.gemm(false, true, a.part(0, rows, 40), b, 0, small);
        assertThat(BACKEND.floats(small))
            .isEqualTo(Arrays.copyOf(BACKEND.floats(large), rows * 136));
      }
      Tensor turned = scope.floats(1, 132, 136);
      BACKEND.gemm(true, true, transposed(scope, a), b, 0, turned);
      assertThat(BACKEND.floats(turned)).isEqualTo(BACKEND.floats(large));
      BACKEND.gemm(false, false, a, transposed(scope, b), 0, turned);
      assertThat(BACKEND.floats(turned)).isEqualTo(BACKEND.floats(large));
    }
  }

  private static Tensor transposed(Scope scope, Tensor t) {
    int rows = Math.toIntExact(t.dim(1));
    int columns = Math.toIntExact(t.dim(2));
    float[] from = BACKEND.floats(t);
    float[] to = new float[from.length];
    for (int i = 0; i < from.length; i++) {
      to[i % columns * rows + i / columns] = from[i];
    }
    Tensor turned = scope.floats(1, columns, rows);
    BACKEND.write(turned, to);
    return turned;
  }

  @ParameterizedTest
  @EnumSource
  void a_number_that_is_not_one_spoils_its_row_and_no_other(Arithmetic arithmetic) {
    BACKEND.arithmetic(arithmetic);
    try (Scope scope = new Scope(BACKEND)) {
      Random random = new Random(5);
      Tensor a = normals(scope, random, 1, 9, 20);
      Tensor b = normals(scope, random, 1, 5, 20);
      // Another mantissa than Java's own NaN: what a GPU makes.
      BACKEND.write(a.part(3 * 20 + 7, 1), new float[] {Float.intBitsToFloat(0x7fffffff)});
      BACKEND.write(a.part(4 * 20 + 2, 1), new float[] {Float.POSITIVE_INFINITY});
      Tensor c = scope.floats(1, 9, 5);
      BACKEND.gemm(false, true, a, b, 0, c);
      float[] got = BACKEND.floats(c);
      boolean split =
          SPLIT && arithmetic == Arithmetic.FLOAT32; // inf without its large part is NaN
      for (int i = 0; i < got.length; i++) {
        assertThat(Float.isNaN(got[i])).as("%d", i).isEqualTo(i / 5 == 3 || split && i / 5 == 4);
        assertThat(Float.isInfinite(got[i])).as("%d", i).isEqualTo(!split && i / 5 == 4);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_program_finishes_a_product_with_the_bits_of_its_operations_one_by_one(
      Arithmetic arithmetic) {
    BACKEND.arithmetic(arithmetic);
    try (Scope scope = new Scope(BACKEND)) {
      Random random = new Random(4);
      Tensor x = normals(scope, random, 3, 70, 24);
      Tensor w = normals(scope, random, 3, 132, 24);
      Tensor bias = normals(scope, random, 3, 132);
      Tensor z = scope.floats(3, 70, 132);
      Tensor out = scope.floats(3, 70, 132);
      Runnable layer =
          () -> {
            BACKEND.gemm(false, true, x, w, 0, z);
            BACKEND.biasActivation(z, bias, Activation.GELU, out);
          };
      layer.run();
      float[] before = BACKEND.floats(z);
      float[] after = BACKEND.floats(out);
      BACKEND.zero(z);
      BACKEND.zero(out);
      try (StepProgram program = BACKEND.record(layer)) {
        assertThat(program.launches()).isEqualTo(1);
        assertThat(program.size()).isEqualTo(2);
        program.run();
        assertThat(BACKEND.floats(z)).isEqualTo(before);
        assertThat(BACKEND.floats(out)).isEqualTo(after);
      }
    }
  }
}
