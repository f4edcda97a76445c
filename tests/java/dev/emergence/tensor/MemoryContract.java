package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Memory, its accounting, and recorded programs. */
public interface MemoryContract extends BackendUnderTest {

  @Test
  default void bytes_come_back_when_a_scope_closes() {
    long before = backend().allocatedBytes();
    try (Scope scope = new Scope(backend())) {
      scope.floats(2, 1000);
      scope.ints(3, 7);
      assertThat(backend().allocatedBytes()).isGreaterThanOrEqualTo(before + 4 * 2021);
    }
    assertThat(backend().allocatedBytes()).isEqualTo(before);
  }

  @Test
  default void new_memory_is_zero_even_where_old_memory_was() {
    int[] ones = new int[33];
    Arrays.fill(ones, 1);
    for (int i = 0; i < 3; i++) {
      try (Scope scope = new Scope(backend())) {
        Tensor x = scope.floats(2, 33);
        Tensor n = scope.ints(1, 33);
        assertThat(backend().doubles(x)).containsOnly(0);
        assertThat(backend().ints(n)).containsOnly(0);
        backend().write(x, filled(66));
        backend().write(n, ones);
      }
    }
  }

  private static double[] filled(int n) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = 0.5 + i;
    }
    return values;
  }

  @Test
  default void a_number_keeps_what_float32_would_round_only_where_memory_is_float64() {
    double fine = 1 + 0x1p-40;
    try (Scope scope = new Scope(backend())) {
      Tensor x = scope.floats(1, 1);
      backend().write(x, new double[] {fine});
      assertThat(backend().doubles(x)[0]).isEqualTo(backend().isFloat64() ? fine : 1);
    }
  }

  @Test
  default void values_go_to_the_view_of_each_replica_and_come_back() {
    try (Scope scope = new Scope(backend())) {
      Tensor whole = scope.floats(2, 5);
      Tensor part = whole.part(1, 3);
      backend().write(part, new float[] {1.5f, 2.5f, 3.5f, -4.5f, 5.5f, 6.5f});
      assertThat(backend().floats(whole))
          .containsExactly(0, 1.5f, 2.5f, 3.5f, 0, 0, -4.5f, 5.5f, 6.5f, 0);
      assertThat(backend().doubles(part)).containsExactly(1.5, 2.5, 3.5, -4.5, 5.5, 6.5);
      Tensor integers = scope.ints(2, 4);
      backend().write(integers.part(2, 2), new int[] {7, -8, Integer.MAX_VALUE, Integer.MIN_VALUE});
      assertThat(backend().ints(integers))
          .containsExactly(0, 0, 7, -8, 0, 0, Integer.MAX_VALUE, Integer.MIN_VALUE);
    }
  }

  @Test
  default void a_wrong_number_of_values_is_refused_with_both_numbers() {
    try (Scope scope = new Scope(backend())) {
      Tensor x = scope.floats(2, 3);
      Tensor n = scope.ints(2, 3);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> backend().write(x, new double[5]))
          .withMessageContaining("6")
          .withMessageContaining("5");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> backend().write(x, new float[7]))
          .withMessageContaining("6")
          .withMessageContaining("7");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> backend().write(n, new int[5]))
          .withMessageContaining("6")
          .withMessageContaining("5");
    }
  }

  @Test
  default void recording_runs_nothing_and_each_run_replays_all_in_order() {
    try (Scope scope = new Scope(backend())) {
      Tensor x = scope.floats(1, 3);
      Tensor y = scope.floats(1, 3);
      backend().write(x, new double[] {1, 2, 3});
      try (StepProgram program =
          backend()
              .record(
                  () -> {
                    backend().accumulate(x, y);
                    backend().copy(y, x);
                  })) {
        assertThat(program.size()).isEqualTo(2);
        assertThat(backend().doubles(y)).containsExactly(0, 0, 0);
        program.run();
        assertThat(backend().doubles(x)).containsExactly(1, 2, 3);
        program.run();
        program.run();
        assertThat(backend().doubles(x)).containsExactly(4, 8, 12);
        backend().write(x, new double[] {1, 1, 1});
        program.run();
        assertThat(backend().doubles(x)).containsExactly(5, 9, 13);
      }
    }
  }

  @Test
  default void what_would_not_be_replayed_is_refused_while_recording() {
    try (Scope scope = new Scope(backend())) {
      Tensor x = scope.floats(1, 2);
      Tensor n = scope.ints(1, 2);
      Runnable[] refused = {
        () -> backend().write(x, new double[2]),
        () -> backend().write(x, new float[2]),
        () -> backend().write(n, new int[2]),
        () -> backend().doubles(x),
        () -> backend().floats(x),
        () -> backend().ints(n),
        () -> backend().record(() -> {}).close()
      };
      for (Runnable call : refused) {
        assertThatIllegalStateException()
            .isThrownBy(() -> backend().record(call).close())
            .withMessageContaining("record");
      }
      // A recording that failed is over.
      backend().write(x, new double[] {1, 2});
      assertThat(backend().doubles(x)).containsExactly(1, 2);
    }
  }

  @Test
  default void memory_may_be_allocated_while_recording() {
    try (Scope scope = new Scope(backend())) {
      Tensor x = scope.floats(1, 2);
      backend().write(x, new double[] {3, 4});
      Tensor[] made = new Tensor[1];
      try (StepProgram program =
          backend()
              .record(
                  () -> {
                    made[0] = scope.floats(1, 2);
                    backend().copy(x, made[0]);
                  })) {
        program.run();
      }
      assertThat(backend().doubles(made[0])).containsExactly(3, 4);
    }
  }

  @Test
  default void a_closed_program_does_not_run() {
    StepProgram program = backend().record(() -> {});
    program.close();
    assertThatIllegalStateException().isThrownBy(program::run);
  }

  @Test
  default void a_backend_says_what_it_is() {
    assertThat(backend().name()).matches("[a-z]+");
    assertThat(backend().description()).isNotBlank().doesNotContain("\n");
  }
}
