package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.emergence.spec.Prediction;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec;
import dev.emergence.tensor.Parents;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a task in plain Java must do on a backend: a public test kit. Batches are those of its
 * definition, bit for bit, wherever they are drawn.
 *
 * @param <S> the record that describes the task
 */
public interface PlainTaskContract<S extends Record & TaskSpec> extends TaskContract {

  /** The kind under test. */
  TaskKind<S> kind();

  private SequenceTask task(RunConfig config, int seed) {
    return kind().create(kind().spec().cast(config.task()), RandomStream.of(seed, Purpose.TASK));
  }

  /** Batches and lists are held to the definition, whose own properties say what is true. */
  @Override
  default void checkGroundTruth(int seed, RunConfig config, TestBatch batch) {
    Prediction shape = config.task().predicts();
    assertThat(batch.input().length % (batch.samples() * shape.length())).isZero();
  }

  @Test
  default void batches_are_those_of_the_definition_bit_for_bit() {
    RunConfig config = config();
    for (int step : new int[] {0, 1, 2, 70000}) {
      try (Lab lab = new Lab(backend(), List.of(new Replica(config, 7), new Replica(config, 8)))) {
        Batch batch = lab.task().training(5);
        for (int r = 0; r < 2; r++) {
          Sampled want = Sampled.of(task(config, 7 + r), config.task().predicts(), 7 + r, step, 5);
          Drawn got = lab.draw(batch, step, r);
          assertThat(got.input()).containsExactly(flat(want.tokens(), want.vectors()));
          assertThat(got.target()).containsExactly(flat(want.targets(), want.wanted()));
          checkLists(task(config, 7 + r), want, batch, r);
        }
      }
    }
  }

  private void checkLists(SequenceTask task, Sampled want, Batch batch, int replica) {
    int fixed = task.attends().size();
    for (int kind = 0; kind < fixed; kind++) {
      Attends attends = task.attends().get(kind);
      int[][] lists = lists(batch.parents().get(kind), replica)[0];
      for (int e = 0; e < lists.length; e++) {
        assertThat(lists[e]).startsWith(attends.queries()[e]);
        int[] keys = Arrays.stream(lists[e]).skip(1).filter(key -> key >= 0).toArray();
        assertThat(keys).containsExactly(attends.keys()[e]);
      }
    }
    for (int kind = 0; kind < want.attention().length; kind++) {
      assertThat(lists(batch.parents().get(fixed + kind), replica))
          .isDeepEqualTo(want.attention()[kind]);
    }
  }

  /** [n][entry]: the query, then its keys. */
  private int[][][] lists(Parents parents, int replica) {
    int[] queries = backend().ints(parents.queries().replica(replica));
    int[] keys = backend().ints(parents.keys().replica(replica));
    int[][][] lists = new int[parents.sequences()][parents.entries()][1 + parents.width()];
    for (int i = 0; i < queries.length; i++) {
      int[] list = lists[i / parents.entries()][i % parents.entries()];
      list[0] = queries[i];
      System.arraycopy(keys, i * parents.width(), list, 1, parents.width());
    }
    return lists;
  }

  private static double[] flat(int[][] integers, float[][] floats) {
    if (integers.length > 0) {
      return Arrays.stream(integers).flatMapToInt(Arrays::stream).asDoubleStream().toArray();
    }
    return Arrays.stream(floats)
        .flatMapToDouble(row -> IntStream.range(0, row.length).mapToDouble(i -> row[i]))
        .toArray();
  }

  @Test
  default void there_is_nothing_to_repeat() {
    try (Lab lab = new Lab(backend(), List.of(new Replica(config(), 4)))) {
      lab.task().repeat(0, 1, 0);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> lab.task().repeat(0, 2, 0))
          .withMessageContaining("does not repeat");
    }
  }
}
