package dev.emergence.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.tensor.Arithmetic;
import dev.emergence.tensor.Backend;
import dev.emergence.tensor.DenseContract;
import dev.emergence.tensor.DeviceException;
import dev.emergence.tensor.DeviceException.Reason;
import dev.emergence.tensor.Scope;
import dev.emergence.tensor.StepProgram;
import dev.emergence.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Products by cublasLt, with a library in its place that does what the real one may: it chooses
 * another order of sums for another number of replicas, splits sums where it may, has algorithms
 * that need aligned numbers or multiply one replica only, and cannot be used for the first time
 * while a program is captured.
 */
class LibraryProductsTest implements DenseContract {
  private static final NativeContext CONTEXT = NativeContext.openCuda(0, CudaUnderTest.library());
  private static final Backend BACKEND = new NativeBackend("cuda", CONTEXT);

  static {
    CONTEXT.products(Optional.of(CudaUnderTest.standIn(12)));
  }

  @Override
  public Backend backend() {
    return BACKEND;
  }

  @AfterAll
  static void close() {
    BACKEND.close();
  }

  /** Aligned or not, with an algorithm for several replicas, and with none. */
  @ParameterizedTest
  @CsvSource({"8, 16, 12, 0", "8, 12, 12, 0", "7, 12, 20, 0", "7, 5, 9, 0", "6, 5, 9, 1"})
  void a_replica_has_the_same_bits_alone_and_among_others(int m, int n, int k, float beta) {
    Random random = new Random(1);
    float[] left = normals(random, 5 * m * k);
    float[] right = normals(random, 5 * k * n);
    float[] before = normals(random, 5 * m * n);
    float[] together = product(5, m, n, k, beta, left, right, before);
    for (int r = 0; r < 5; r++) {
      float[] alone =
          product(1, m, n, k, beta, part(left, r, 5), part(right, r, 5), part(before, r, 5));
      assertThat(alone).as("replica %d", r).isEqualTo(part(together, r, 5));
    }
  }

  /** By a program, so that the library is first asked when one is recorded. */
  private static float[] product(
      int replicas, int m, int n, int k, float beta, float[] left, float[] right, float[] before) {
    try (Scope scope = new Scope(BACKEND)) {
      Tensor a = scope.floats(replicas, m, k);
      Tensor b = scope.floats(replicas, k, n);
      Tensor c = scope.floats(replicas, m, n);
      BACKEND.write(a, left);
      BACKEND.write(b, right);
      BACKEND.write(c, before);
      try (StepProgram program = BACKEND.record(() -> BACKEND.gemm(false, false, a, b, beta, c))) {
        program.run();
        return BACKEND.floats(c);
      }
    }
  }

  private static float[] normals(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] part(float[] values, int r, int parts) {
    int size = values.length / parts;
    return Arrays.copyOfRange(values, r * size, (r + 1) * size);
  }

  @Test
  void an_operation_is_replayed_with_the_arithmetic_of_its_record() {
    try (Scope scope = new Scope(BACKEND)) {
      Tensor x = scope.floats(1, 1, 1);
      Tensor one = scope.floats(1, 1, 1);
      Tensor tf32 = scope.floats(1, 1, 1);
      Tensor bf16 = scope.floats(1, 1, 1);
      Tensor full = scope.floats(1, 1, 1);
      float value = 1 + 0x1p-9f + 0x1p-14f;
      BACKEND.write(x, new float[] {value});
      BACKEND.write(one, new float[] {1});
      BACKEND.arithmetic(Arithmetic.TF32);
      try (StepProgram program =
          BACKEND.record(
              () -> {
                BACKEND.gemm(false, false, x, one, 0, tf32);
                BACKEND.arithmetic(Arithmetic.BF16);
                BACKEND.gemm(false, false, x, one, 0, bf16);
                BACKEND.arithmetic(Arithmetic.FLOAT32);
              })) {
        program.run();
      }
      BACKEND.gemm(false, false, x, one, 0, full);
      assertThat(BACKEND.floats(tf32)).containsExactly(1 + 0x1p-9f);
      assertThat(BACKEND.floats(bf16)).containsExactly(1);
      assertThat(BACKEND.floats(full)).containsExactly(value);
    }
  }

  @Test
  void an_error_of_the_library_names_operation_and_status() {
    try (Scope scope = new Scope(BACKEND)) {
      Tensor x = scope.floats(1, 31, 31);
      assertThatThrownBy(() -> BACKEND.gemm(false, false, x, x, 0, x))
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("gemm for [F32[1, 31, 31]")
          .hasMessageContaining("cublasLtMatmul: cuBLAS status 13 (native/cuda/products.cu:");
    }
  }

  @Test
  void the_description_says_what_multiplies() {
    assertThat(BACKEND.description())
        .endsWith("MiB, products by cublasLt 12.1.4 and our own kernel");
    try (Backend own = CudaUnderTest.emulated()) {
      assertThat(own.description()).endsWith("MiB, our own products");
    }
  }

  @Test
  void nothing_multiplies_that_was_not_chosen() {
    try (Backend backend =
            new NativeBackend("cuda", NativeContext.openCuda(0, CudaUnderTest.library()));
        Scope scope = new Scope(backend)) {
      Tensor x = scope.floats(1, 2, 2);
      assertThatThrownBy(() -> backend.gemm(false, false, x, x, 0, x))
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("nothing was chosen that multiplies");
    }
  }

  @Test
  void a_library_of_a_newer_cuda_than_the_driver_serves_gives_way_to_an_older_one() {
    try (NativeContext context = NativeContext.openCuda(0, CudaUnderTest.library())) {
      assertThatThrownBy(() -> context.products(Optional.of(CudaUnderTest.standIn(13))))
          .isInstanceOfSatisfying(
              DeviceException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE))
          .hasMessageEndingWith(
              "libcublasLt.so.13 is of CUDA 13.0, and the driver supports CUDA 12.8");
      Devices.chooseProducts(
          context, named(CudaUnderTest.standIn(13).getParent() + ":" + folder(12)));
      assertThat(context.description()).endsWith("products by cublasLt 12.1.4 and our own kernel");
    }
  }

  @Test
  void where_none_can_be_used_one_sentence_says_of_each_why_not() {
    try (NativeContext context = NativeContext.openCuda(0, CudaUnderTest.library())) {
      assertThatThrownBy(() -> Devices.chooseProducts(context, named(folder(13))))
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("is of CUDA 13.0, and the driver supports CUDA 12.8")
          .hasMessageContaining(CudaLibraries.VARIABLE);
      assertThatThrownBy(() -> Devices.chooseProducts(context, named("/nowhere")))
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("libcublasLt.so.13: not found, libcublasLt.so.12: not found");
      assertThatThrownBy(() -> context.products(Optional.of(CudaUnderTest.library())))
          .hasMessageContaining("is not NVIDIA's libcublasLt: it has no cublasLtCreate");
      assertThatThrownBy(() -> context.products(Optional.of(Path.of("/nowhere/libx.so"))))
          .hasMessageContaining("cannot load cuBLAS: /nowhere/libx.so");
    }
  }

  private static String folder(int major) {
    return CudaUnderTest.standIn(major).getParent().toString();
  }

  private static CudaLibraries named(String folders) {
    return new CudaLibraries(
        Map.of(CudaLibraries.VARIABLE, folders),
        Path.of("/nowhere"),
        LibraryProductsTest.class.getClassLoader());
  }

  /** The emulation refuses what a GPU would leave undefined. */
  @Test
  void a_program_that_may_still_run_is_waited_for_before_it_is_given_back() {
    try (Scope scope = new Scope(BACKEND)) {
      Tensor x = scope.floats(1, 2, 2);
      try (StepProgram program = BACKEND.record(() -> BACKEND.zero(x))) {
        program.run();
      }
      BACKEND.zero(x);
      assertThat(BACKEND.floats(x)).containsOnly(0);
    }
  }
}
