package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The draws that any task can be made of: integers bit for bit, normals to the last bits. */
public interface GeneralDrawContract extends BackendUnderTest {

  /** Batches of one kind of numbers. */
  record Drawing(int replicas, int samples, int columns, int lane, Draw.What what) {}

  /** Ones, odd sizes, whole permutations, decks beyond shared memory. */
  static List<Drawing> drawings() {
    return List.of(
        new Drawing(1, 1, 1, 0, new Draw.What.Tokens(1)),
        new Drawing(3, 5, 33, 7, new Draw.What.Tokens(10)),
        new Drawing(2, 3, 1027, 2, new Draw.What.Tokens(Integer.MAX_VALUE)),
        new Drawing(1, 1, 1, 1, new Draw.What.Normals(1)),
        new Drawing(3, 4, 71, 0, new Draw.What.Normals(0.3)),
        new Drawing(2, 2, 1030, 5, new Draw.What.Normals(2)),
        new Drawing(1, 1, 1, 0, new Draw.What.Permutation(1)),
        new Drawing(3, 9, 17, 1, new Draw.What.Permutation(17)),
        new Drawing(2, 3, 5, 3, new Draw.What.Permutation(300)),
        new Drawing(2, 2, 9, 3, new Draw.What.Permutation(9000)));
  }

  private static Draw draw(Bench bench, Drawing c) {
    int r = c.replicas();
    boolean normals = c.what() instanceof Draw.What.Normals;
    return new Draw(
        bench.below("keys", 1 << 30, r, 2),
        bench.integers("step", Arrays.copyOf(new int[] {1, -2, 70000}, r), r),
        c.lane(),
        c.what(),
        normals
            ? bench.output("out", r, c.samples(), c.columns())
            : bench.integerOutput("out", r, c.samples(), c.columns()));
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.GeneralDrawContract#drawings")
  default void numbers_of_one_kind_are_drawn_as_defined(Drawing c) {
    Bench.agree(
        backend(),
        2 * rounding(),
        bench -> {
          Draw draw = draw(bench, c);
          bench.run(() -> bench.backend().draw(draw));
        });
  }

  @Test
  default void a_permutation_holds_each_number_once_and_a_shorter_one_is_its_beginning() {
    try (Scope scope = new Scope(backend())) {
      Tensor keys = scope.ints(1, 2);
      Tensor step = scope.ints(1);
      Tensor whole = scope.ints(1, 4, 12);
      Tensor part = scope.ints(1, 4, 5);
      backend().draw(new Draw(keys, step, 0, new Draw.What.Permutation(12), whole));
      backend().draw(new Draw(keys, step, 0, new Draw.What.Permutation(12), part));
      int[] all = backend().ints(whole);
      for (int n = 0; n < 4; n++) {
        int[] one = Arrays.copyOfRange(all, 12 * n, 12 * n + 12);
        assertThat(Arrays.stream(one).sorted())
            .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        assertThat(Arrays.copyOfRange(backend().ints(part), 5 * n, 5 * n + 5))
            .containsExactly(Arrays.copyOf(one, 5));
      }
    }
  }

  /** Looking numbers up. */
  record Lookup(int replicas, int samples, int columns, int tables, int width, DType dtype) {}

  /** Ones, one table for all, a table each, both types. */
  static List<Lookup> lookups() {
    return List.of(
        new Lookup(1, 1, 1, 1, 1, DType.I32),
        new Lookup(3, 5, 7, 1, 9, DType.F32),
        new Lookup(2, 5, 300, 5, 4, DType.I32),
        new Lookup(2, 3, 2, 3, 1025, DType.F32));
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.GeneralDrawContract#lookups")
  default void numbers_are_looked_up(Lookup c) {
    int r = c.replicas();
    boolean floats = c.dtype() == DType.F32;
    Bench.agree(
        backend(),
        rounding(),
        bench -> {
          Tensor table =
              floats
                  ? bench.normal("table", r, c.tables(), c.width())
                  : bench.below("table", 99, r, c.tables(), c.width());
          Tensor index = bench.below("index", c.width(), r, c.samples(), c.columns());
          Tensor out =
              floats
                  ? bench.output("out", r, c.samples(), c.columns())
                  : bench.integerOutput("out", r, c.samples(), c.columns());
          bench.run(() -> bench.backend().gather(table, index, out));
        });
  }

  @Test
  default void an_index_outside_the_table_is_refused() {
    try (Scope scope = new Scope(backend())) {
      Tensor table = scope.floats(1, 1, 3);
      Tensor index = scope.ints(1, 2, 2);
      Tensor out = scope.floats(1, 2, 2);
      backend().write(index, new int[] {0, 2, 3, 1});
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> {
                backend().gather(table, index, out);
                backend().floats(out);
              })
          .withMessageContaining("index");
    }
  }

  @Test
  default void draws_that_cannot_be_are_refused() {
    try (Scope scope = new Scope(backend())) {
      Tensor keys = scope.ints(1, 2);
      Tensor step = scope.ints(1);
      Tensor out = scope.ints(1, 2, 4);
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> backend().draw(new Draw(keys, step, 0, new Draw.What.Permutation(3), out)))
          .withMessageContaining("a permutation of 3 has no 4 elements");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> backend().draw(new Draw(keys, step, 0, new Draw.What.Tokens(0), out)))
          .withMessageContaining("bound must be at least 1, got 0");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> backend().draw(new Draw(keys, step, 0, new Draw.What.Normals(1), out)))
          .withMessageContaining("out must be F32");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> backend().gather(scope.ints(1, 3, 4), scope.ints(1, 2, 4), out))
          .withMessageContaining("table must have one row, or one for each sequence");
    }
  }
}
