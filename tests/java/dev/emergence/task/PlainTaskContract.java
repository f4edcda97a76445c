package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec;
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

  /** The batch of step 3 that the contract checks is drawn from the definition. */
  @Override
  default void checkGroundTruth(int seed, RunConfig config, TestBatch batch) {
    int last = batch.length() - 1;
    for (Attends fixed : task(config, seed).attends()) {
      for (int e = 0; e < fixed.queries().length; e++) {
        for (int key : fixed.queries()[e] == last ? fixed.keys()[e] : new int[0]) {
          assertThat(
                  IntStream.range(0, batch.samples())
                      .map(n -> batch.relevant()[n * batch.length() + key]))
              .containsOnly(1);
        }
      }
    }
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
        }
      }
    }
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
