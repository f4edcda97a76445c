package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;

/** Views and their owner. */
class TensorTest {
  private final Backend backend = new ReferenceBackend();
  private final Scope scope = new Scope(backend);

  @Test
  void a_part_is_the_same_piece_of_each_replica() {
    Tensor whole = scope.floats(2, 3, 5);
    backend.write(whole, range(30));
    Tensor part = whole.part(7, 2, 3);
    assertThat(backend.doubles(part)).containsExactly(7, 8, 9, 10, 11, 12, 22, 23, 24, 25, 26, 27);
    assertThat(part.shape()).containsExactly(2, 2, 3);
    // Replicas of 15 elements start at multiples of four.
    assertThat(part.replicaStride()).isEqualTo(16);
    assertThat(backend.doubles(part.part(1, 2))).containsExactly(8, 9, 23, 24);
    assertThat(backend.doubles(part.reshape(6))).isEqualTo(backend.doubles(part));
  }

  private static double[] range(int n) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = i;
    }
    return values;
  }

  @Test
  void dimensions_count_from_both_ends() {
    Tensor t = scope.ints(2, 3, 4, 5);
    assertThat(t.dim(0)).isEqualTo(2);
    assertThat(t.dim(-1)).isEqualTo(5);
    assertThat(t.dim(-2)).isEqualTo(4);
    assertThat(t.rank()).isEqualTo(4);
    assertThat(t.rows()).isEqualTo(12);
    assertThat(t.perReplica()).isEqualTo(60);
    assertThat(t.size()).isEqualTo(120);
    assertThat(t).hasToString("I32[2, 3, 4, 5]");
  }

  @Test
  void views_outside_of_the_tensor_are_refused() {
    Tensor t = scope.floats(2, 3, 4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> t.part(1, 3, 4))
        .withMessageContaining("[2, 3, 4] at 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> t.part(-1, 2))
        .withMessageContaining("at -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> t.reshape(11))
        .withMessageContaining("another size");
    assertThatIllegalArgumentException().isThrownBy(() -> t.reshape(13));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scope.floats(2, 0))
        .withMessageContaining("no empty dimension");
  }

  @Test
  void a_scope_frees_what_it_owns_once() {
    Scope inner = new Scope(backend);
    Tensor t = inner.floats(1, 10);
    inner.close();
    inner.close();
    assertThat(backend.allocatedBytes()).isZero();
    assertThatThrownBy(() -> backend.doubles(t)).isInstanceOf(IllegalStateException.class);
  }
}
