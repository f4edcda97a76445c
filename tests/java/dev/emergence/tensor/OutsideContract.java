package dev.emergence.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/**
 * Integers that name what there is not (tokens, targets, marks without a place) are refused, at
 * once and in a recorded program, wherever they stand; after good ones the backend goes on.
 */
public interface OutsideContract extends BackendUnderTest {
  int ROWS = 3;
  int KINDS = 5;

  @Test
  default void a_token_outside_the_vocabulary_is_refused() {
    refused(
        "token",
        new int[] {-1, KINDS, 1 << 30},
        (scope, tokens) -> {
          Tensor table = scope.floats(2, KINDS, 4);
          Tensor out = scope.floats(2, ROWS, 2, 4);
          return () -> backend().embed(tokens, table, out);
        });
  }

  @Test
  default void a_token_outside_the_vocabulary_is_refused_with_positions_too() {
    refused(
        "token",
        new int[] {-1, KINDS, 1 << 30},
        (scope, tokens) -> {
          Tensor table = scope.floats(2, KINDS, 4);
          Tensor positions = scope.floats(2, 2, 4);
          Tensor out = scope.floats(2, ROWS, 2, 4);
          return () -> {
            backend().embed(tokens, table, out);
            backend().addPositions(out, positions);
          };
        });
  }

  @Test
  default void a_target_outside_the_classes_is_refused() {
    for (boolean gradient : new boolean[] {false, true}) {
      refused(
          "target",
          new int[] {-2, KINDS, 1 << 30},
          (scope, target) -> {
            Tensor logits = scope.floats(2, ROWS, 2, KINDS);
            Tensor loss = scope.floats(2, ROWS, 2);
            Tensor correct = scope.floats(2, ROWS, 2);
            Optional<Tensor> d =
                gradient ? Optional.of(scope.floats(2, ROWS, 2, KINDS)) : Optional.empty();
            return () -> backend().crossEntropy(logits, target, loss, correct, d);
          });
    }
  }

  @Test
  default void more_marks_than_places_are_refused() {
    refused(
        "marks",
        new int[] {1},
        (scope, marks) -> {
          Tensor list = scope.ints(2, ROWS, 1);
          return () -> backend().listMarks(marks, list);
        });
  }

  /** Good integers but one, in the first or the last row of the second replica. */
  private void refused(String what, int[] bad, BiFunction<Scope, Tensor, Runnable> operation) {
    for (int value : bad) {
      for (int at : new int[] {2 * ROWS, 4 * ROWS - 2}) {
        int[] values = new int[4 * ROWS];
        values[at] = value;
        values[at + 1] = 1; // two marks of one row, if these are marks
        for (boolean recorded : new boolean[] {false, true}) {
          try (Scope scope = new Scope(backend())) {
            Tensor integers = scope.ints(2, ROWS, 2);
            backend().write(integers, values);
            Runnable calls = operation.apply(scope, integers);
            assertThatThrownBy(() -> runs(recorded, calls, integers))
                .as("%s: %d at %d, recorded %s", what, value, at, recorded)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(what);
          }
        }
      }
    }
    try (Scope scope = new Scope(backend())) {
      Tensor integers = scope.ints(2, ROWS, 2);
      backend().write(integers, new int[4 * ROWS]);
      runs(true, operation.apply(scope, integers), integers);
      assertThat(backend().ints(integers)).containsOnly(0);
    }
  }

  private void runs(boolean recorded, Runnable operation, Tensor read) {
    if (recorded) {
      try (StepProgram program = backend().record(operation)) {
        program.run();
        backend().ints(read);
      }
    } else {
      operation.run();
      backend().ints(read);
    }
  }
}
