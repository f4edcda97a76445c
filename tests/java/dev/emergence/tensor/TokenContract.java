package dev.emergence.tensor;

import dev.emergence.tensor.Cases.Sequences;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Embedding, positions, and the way from tokens to the read-out. */
public interface TokenContract extends BackendUnderTest {

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#sequences")
  default void embedding_looks_rows_up_and_sums_their_gradients(Sequences s) {
    int vocabulary = 11;
    Bench.agree(
        backend(),
        rounding() * 2,
        bench -> {
          Tensor tokens = bench.below("tokens", vocabulary, s.replicas(), s.batch(), s.length());
          Tensor table = bench.normal("table", s.replicas(), vocabulary, s.width());
          Tensor out = bench.output("out", s.replicas(), s.batch(), s.length(), s.width());
          Tensor dOut = bench.normal("dOut", s.replicas(), s.batch(), s.length(), s.width());
          Tensor dTable = bench.output("dTable", s.replicas(), vocabulary, s.width());
          bench.run(
              () -> {
                bench.backend().embed(tokens, table, out);
                bench.backend().embedBackward(tokens, dOut, dTable);
              });
        });
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#sequences")
  default void positions_are_added_to_each_sequence(Sequences s) {
    Bench.agree(
        backend(),
        rounding() * 2,
        bench -> {
          Tensor x = bench.normal("x", s.replicas(), s.batch(), s.length(), s.width());
          Tensor positions = bench.normal("positions", s.replicas(), s.length(), s.width());
          Tensor dX = bench.normal("dX", s.replicas(), s.batch(), s.length(), s.width());
          Tensor dPositions = bench.output("dPositions", s.replicas(), s.length(), s.width());
          bench.run(
              () -> {
                bench.backend().addPositions(x, positions);
                bench.backend().addPositionsBackward(dX, dPositions);
              });
        });
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#sequences")
  default void any_tokens_can_be_taken_and_their_gradient_put_back(Sequences s) {
    int half = s.length() / 2;
    for (int first : new int[] {0, half, s.length() - 1}) {
      takes(s, first, 1);
      takes(s, first, s.length() - first);
      takes(s, first, Math.max(1, (s.length() - first) / 2));
    }
  }

  private void takes(Sequences s, int first, int count) {
    Bench.agree(
        backend(),
        rounding(),
        bench -> {
          Tensor x = bench.normal("x", s.replicas(), s.batch(), s.length(), s.width());
          Tensor out = bench.output("out", s.replicas(), s.batch(), count, s.width());
          Tensor dOut = bench.normal("dOut", s.replicas(), s.batch(), count, s.width());
          Tensor dX = bench.normal("dX", s.replicas(), s.batch(), s.length(), s.width());
          bench.run(
              () -> {
                bench.backend().takeTokens(x, first, out);
                bench.backend().takeTokensBackward(dOut, first, dX);
              });
        });
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#sequences")
  default void marks_become_lists(Sequences s) {
    Bench.agree(
        backend(),
        0,
        bench -> {
          Tensor marks = bench.below("marks", 2, s.replicas(), s.batch(), s.length());
          Tensor list = bench.integerOutput("list", s.replicas(), s.batch(), s.length());
          bench.run(() -> bench.backend().listMarks(marks, list));
        });
  }

  @ParameterizedTest
  @MethodSource("dev.emergence.tensor.Cases#sequences")
  default void tokens_are_averaged_and_repeated(Sequences s) {
    Bench.agree(
        backend(),
        rounding() * 2,
        bench -> {
          Tensor x = bench.normal("x", s.replicas(), s.batch(), s.length(), s.width());
          Tensor out = bench.output("out", s.replicas(), s.batch(), s.width());
          Tensor dOut = bench.normal("dOut", s.replicas(), s.batch(), s.width());
          Tensor dX = bench.output("dX", s.replicas(), s.batch(), s.length(), s.width());
          Tensor repeated =
              bench.output("repeated", s.replicas(), s.batch(), s.length(), s.width());
          Tensor classes = bench.below("classes", 99, s.replicas(), s.batch());
          Tensor repeatedClasses =
              bench.integerOutput("repeatedClasses", s.replicas(), s.batch(), s.length());
          bench.run(
              () -> {
                bench.backend().meanTokens(x, out);
                bench.backend().meanTokensBackward(dOut, dX);
                bench.backend().repeatTokens(dOut, repeated);
                bench.backend().repeatTokens(classes, repeatedClasses);
              });
        });
  }
}
