package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.spec.Loss;
import dev.emergence.spec.Prediction;
import dev.emergence.spec.Span;
import dev.emergence.task.SequenceTask.Attending;
import dev.emergence.tensor.DType;
import dev.emergence.tensor.HostArray;
import java.util.List;
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
          new Prediction(5, 7, true, 7, Loss.CROSS_ENTROPY, new Span(3, 2), List.of()),
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
}
