package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.backend.Em.em_multiply;
import dev.emergence.backend.Em.em_product;
import dev.emergence.tensor.Arithmetic;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DenseContract;
import dev.emergence.tensor.DeviceException;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.StepProgram;
import dev.emergence.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The way by which cuBLAS multiplies for a GPU, with a product in plain Java in its place: the
 * emulated GPU has the memory of the host.
 */
class LibraryProductsTest implements DenseContract {
  private static final List<Integer> ARITHMETIC = new ArrayList<>();
  private static final NativeContext CONTEXT = NativeContext.openCuda(0, CudaUnderTest.library());
  private static final Backend BACKEND = new NativeBackend("cuda", CONTEXT);
  private static final em_multiply PLAIN = new Plain();
  private static int answer;

  static {
    CONTEXT.check("multiply", Em.em_set_multiply(CONTEXT.handle(), PLAIN));
  }

  @Override
  public Backend backend() {
    return BACKEND;
  }

  @AfterAll
  static void close() {
    BACKEND.close();
    PLAIN.close();
  }

  @Test
  void an_operation_is_replayed_with_the_arithmetic_of_its_record() {
    try (Scope scope = new Scope(BACKEND)) {
      Tensor x = scope.floats(2, 3, 3);
      BACKEND.arithmetic(Arithmetic.TF32);
      ARITHMETIC.clear();
      try (StepProgram program =
          BACKEND.record(
              () -> {
                BACKEND.gemm(false, false, x, x, 0, x);
                BACKEND.arithmetic(Arithmetic.BF16);
                BACKEND.gemm(false, false, x, x, 0, x);
                BACKEND.arithmetic(Arithmetic.FLOAT32);
              })) {
        program.run();
      }
      BACKEND.gemm(false, false, x, x, 0, x);
      assertThat(ARITHMETIC).containsExactly(Em.EM_TF32, Em.EM_BF16, Em.EM_FLOAT32);
    }
  }

  @Test
  void an_error_of_the_library_names_operation_and_status() {
    try (Scope scope = new Scope(BACKEND)) {
      Tensor x = scope.floats(1, 2, 2);
      answer = 13;
      assertThatThrownBy(() -> BACKEND.gemm(false, false, x, x, 0, x))
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("gemm for [F32[1, 2, 2]")
          .hasMessageContaining("cuBLAS status 13 (native/cuda/gemm.cu:");
    } finally {
      answer = 0;
    }
  }

  /** C = op(A) op(B) + beta C by three loops. */
  private static final class Plain extends em_multiply {
    @Override
    public int call(em_product p) {
      ARITHMETIC.add(p.arithmetic());
      for (long r = 0; r < p.replicas(); r++) {
        for (long i = 0; i < p.m(); i++) {
          for (long j = 0; j < p.n(); j++) {
            element(p, r, i, j);
          }
        }
      }
      return answer;
    }

    private static void element(em_product p, long r, long i, long j) {
      double sum = 0;
      for (long k = 0; k < p.k(); k++) {
        long left = p.trans_a() != 0 ? k * p.m() + i : i * p.k() + k;
        long right = p.trans_b() != 0 ? j * p.k() + k : k * p.n() + j;
        sum +=
            (double) floats(p.a()).get(r * p.a_stride() + left)
                * floats(p.b()).get(r * p.b_stride() + right);
      }
      FloatPointer c = floats(p.c());
      long at = r * p.c_stride() + i * p.n() + j;
      c.put(at, (float) (p.beta() == 0 ? sum : sum + p.beta() * c.get(at)));
    }

    private static FloatPointer floats(Pointer pointer) {
      return new FloatPointer(pointer);
    }
  }
}
