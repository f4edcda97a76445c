package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.tensor.Activation;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.StepProgram;
import dev.emergence.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our own products on the emulated GPU, and what they can do to a result before it is stored. */
class OwnProductsTest {
  private static final Backend BACKEND = CudaUnderTest.emulated();

  @AfterAll
  static void close() {
    BACKEND.close();
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

  /** Tiles of 128 by 128, of 64 by 64, edges, rows that start at 16 bytes and others. */
  @ParameterizedTest
  @CsvSource({
    "false, false, 130, 132, 36",
    "false, true, 130, 129, 17",
    "true, false, 132, 68, 65",
    "true, true, 3, 5, 7",
    "false, true, 64, 64, 16",
    "true, false, 66, 9, 1100"
  })
  void a_product_is_that_of_float64_to_rounding(boolean ta, boolean tb, int m, int n, int k) {
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
        // A chain of k fused operations, each rounded once.
        assertThat(got[at]).as("%d, %d, %d", r, i, j).isCloseTo(want, within(k * 0x1p-24 * size));
      }
    }
  }

  /** So the choice of a tile, which looks at the number of replicas, changes no run. */
  @Test
  void an_element_has_the_same_bits_in_a_large_tile_and_in_a_small_one() {
    try (Scope scope = new Scope(BACKEND)) {
      Random random = new Random(3);
      Tensor a = normals(scope, random, 1, 132, 40);
      Tensor b = normals(scope, random, 1, 136, 40);
      Tensor large = scope.floats(1, 132, 136);
      BACKEND.gemm(false, true, a, b, 0, large);
      Tensor small = scope.floats(1, 20, 136);
      BACKEND.gemm(false, true, a.part(0, 20, 40), b, 0, small);
      assertThat(BACKEND.floats(small)).isEqualTo(Arrays.copyOf(BACKEND.floats(large), 20 * 136));
    }
  }

  @Test
  void a_program_finishes_a_product_with_the_bits_of_its_operations_one_by_one() {
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
