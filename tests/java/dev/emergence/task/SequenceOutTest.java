package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.spec.Loss;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.Span;
import dev.emergence.task.SequenceTask.Attending;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.HostArray;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Three sequences of five tokens, two of them scored, with two queries of three keys each. */
class SequenceOutTest {
  private static final int SEQUENCES = 3;

  private final HostArray input = new HostArray(DType.I32, SEQUENCES * 5);
  private final HostArray target = new HostArray(DType.I32, SEQUENCES * 2);
  private final HostArray queries = new HostArray(DType.I32, SEQUENCES * 2);
  private final HostArray keys = new HostArray(DType.I32, SEQUENCES * 2 * 3);
  private final SequenceOut out =
      new SequenceOut(
          new Prediction(5, 25, true, 203, Loss.CROSS_ENTROPY, new Span(3, 2), List.of()),
          List.of(new Attending("parents", 2, 3)),
          List.of(input, target, queries, keys));

  @Test
  void each_sequence_is_written_to_its_own_place() {
    for (int n = 0; n < SEQUENCES; n++) {
      out.sequence(n);
      for (int position = 0; position < 5; position++) {
        out.token(position, 10 * n + position);
      }
      out.target(0, 100 + n);
      out.target(1, 200 + n);
    }
    assertThat(input.ints()).containsExactly(0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24);
    assertThat(target.ints()).containsExactly(100, 200, 101, 201, 102, 202);
  }

  @Test
  void what_is_not_in_range_is_refused_and_changes_no_other_sequence() {
    out.sequence(1);
    refused(() -> out.token(-1, 2), "position -1 is not in 0..4");
    refused(() -> out.token(5, 2), "position 5 is not in 0..4");
    refused(() -> out.token(4, 25), "token 25 is not in 0..24");
    refused(() -> out.target(2, 1), "scored position 2 is not in 0..1");
    refused(() -> out.target(1, -2), "class -2 is not in -1..202");
    refused(() -> out.attends(0, -1, 4, 1), "no room for entry -1");
    refused(() -> out.attends(0, 0, 5, 1), "query 5 is not in -1..4");
    refused(() -> out.attends(0, 0, 4, 1, 7), "key 7 is not in -1..4");
    assertThat(Arrays.copyOf(input.ints(), 5)).containsOnly(0);
    assertThat(Arrays.copyOfRange(input.ints(), 10, 15)).containsOnly(0);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).hasMessageContaining(message);
  }

  @Test
  void a_sequence_of_which_something_is_not_written_is_refused() {
    for (int n = 0; n < 2; n++) {
      out.sequence(n);
      for (int position = 0; position < 5 - n; position++) {
        out.token(position, 3);
      }
      out.target(0, -1);
    }
    refused(out::requireWritten, "the token of position 4 is not written");
    out.token(4, 3);
    refused(out::requireWritten, "the target of scored position 1 is not written");
    out.target(1, -1);
    out.requireWritten();
  }

  @Test
  void vectors_are_finite_and_whole() {
    HostArray vectors = new HostArray(DType.F32, 2 * 3 * 2);
    HostArray wanted = new HostArray(DType.F32, 2 * 4);
    SequenceOut numbers =
        new SequenceOut(
            Prediction.ofLast(3, 2, false, 4, Loss.SQUARED_ERROR),
            List.of(),
            List.of(vectors, wanted));
    numbers.sequence(1);
    refused(() -> numbers.value(2, 1, Double.NaN), "the token at position 2 is NaN");
    refused(() -> numbers.value(1, 2, 5), "coordinate 2 is not in 0..1");
    refused(() -> numbers.target(0, 3, 1e39), "the target of scored position 0 is 1.0E39");
    refused(numbers::requireWritten, "the token of position 0 is not written");
  }

  @Test
  void what_attends_to_what_is_padded_and_stays_with_its_sequence() {
    for (int n = 0; n < SEQUENCES; n++) {
      out.sequence(n);
    }
    out.sequence(1).attends(0, 1, 4, 2, 3);
    out.sequence(2).attends(0, 0, 3, 0, 1, 2);
    assertThat(queries.ints()).containsExactly(-1, -1, -1, 4, 3, -1);
    assertThat(keys.ints())
        .containsExactly(-1, -1, -1, -1, -1, -1, -1, -1, -1, 2, 3, -1, 0, 1, 2, -1, -1, -1);
    assertThatThrownBy(() -> out.attends(0, 2, 4, 1)).hasMessageContaining("no room for entry 2");
    assertThatThrownBy(() -> out.attends(0, 0, 4, 0, 1, 2, 3)).hasMessageContaining("with 4 keys");
  }

  @Test
  void an_entry_that_is_set_again_keeps_none_of_its_keys() {
    out.sequence(1).attends(0, 1, 4, 0, 1, 2);
    out.attends(0, 1, 3, 2);
    assertThat(Arrays.copyOfRange(queries.ints(), 2, 4)).containsExactly(-1, 3);
    assertThat(Arrays.copyOfRange(keys.ints(), 9, 12)).containsExactly(2, -1, -1);
  }

  @Test
  void what_attends_twice_is_refused_because_it_would_count_twice() {
    out.sequence(1);
    refused(() -> out.attends(0, 0, 4, 2, 3, 2), "parents: key 2 is there twice");
    out.attends(0, 0, 4, 2, -1, -1);
    out.attends(0, 1, 4, 3);
    for (int position = 0; position < 5; position++) {
      out.token(position, 3);
    }
    out.target(0, -1);
    out.target(1, -1);
    refused(out::requireWritten, "parents: query 4 is there twice");
    out.attends(0, 1, 3, 3);
    out.requireWritten();
  }

  @Test
  void a_prompt_that_asks_for_something_needs_a_wrong_answer_beside_it() {
    HostArray foil = new HostArray(DType.I32, SEQUENCES * 2);
    SequenceOut prompts =
        new SequenceOut(
            new Prediction(5, 25, true, 203, Loss.CROSS_ENTROPY, new Span(3, 2), List.of()),
            List.of(),
            List.of(input, target, foil));
    prompts.sequence(1);
    for (int position = 0; position < 5; position++) {
      prompts.token(position, 3);
    }
    prompts.target(0, -1);
    prompts.foil(0, -1);
    prompts.target(1, 7);
    prompts.foil(1, -1);
    refused(prompts::requireWritten, "scored position 1 asks for class 7 and has no foil");
    prompts.foil(1, 8);
    prompts.requireWritten();
  }

  @Test
  void each_coordinate_of_a_target_is_written_to_its_own_place() {
    HostArray vectors = new HostArray(DType.F32, SEQUENCES * 4 * 1);
    HostArray wanted = new HostArray(DType.F32, SEQUENCES * 2 * 3);
    SequenceOut numbers =
        new SequenceOut(
            new Prediction(4, 1, false, 3, Loss.SQUARED_ERROR, new Span(2, 2), List.of()),
            List.of(),
            List.of(vectors, wanted));
    float[] expected = new float[SEQUENCES * 2 * 3];
    for (int n = 0; n < SEQUENCES; n++) {
      numbers.sequence(n);
      for (int scored = 0; scored < 2; scored++) {
        for (int coordinate = 0; coordinate < 3; coordinate++) {
          float value = 100 * n + 10 * scored + coordinate + 1;
          numbers.target(scored, coordinate, value);
          expected[6 * n + 3 * scored + coordinate] = value;
        }
      }
    }
    assertThat(wanted.floats()).containsExactly(expected);
    refused(() -> numbers.target(2, 0, 1), "scored position 2 is not in 0..1");
    refused(() -> numbers.target(1, 3, 1), "coordinate 3 is not in 0..2");
  }
}
