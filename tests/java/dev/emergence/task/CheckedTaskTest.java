package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.emergence.spec.Loss;
import dev.emergence.spec.Prediction;
import dev.emergence.tensor.RandomStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A task's promises about positions and levels. */
class CheckedTaskTest {
  private static final Prediction SHAPE = Prediction.ofLast(5, 7, true, 7, Loss.CROSS_ENTROPY);

  private record Says(List<Attends> attends, Level level) implements SequenceTask {
    @Override
    public void draw(RandomStream stream, int step, int n, SequenceOut out) {}

    @Override
    public List<Level> levels(String testSet) {
      return List.of(level);
    }
  }

  private static SequenceTask task(int query, int key, String metric, double value) {
    Attends attends = new Attends("parents", new int[] {query}, new int[][] {{0, key}});
    return new CheckedTask(
        new Says(List.of(attends), new Level("oracle", metric, value, "knows")), SHAPE);
  }

  @Test
  void positions_are_those_of_the_sequence() {
    assertThat(task(4, 3, "loss", 0).attends()).hasSize(1);
    assertThatThrownBy(() -> task(5, 3, "loss", 0).attends())
        .hasMessageContaining("parents: position 5 is not in 0..4");
    assertThatThrownBy(() -> task(4, -1, "loss", 0).attends())
        .hasMessageContaining("parents: position -1 is not in 0..4");
  }

  @Test
  void levels_are_numbers_of_metrics_that_there_are() {
    assertThat(task(4, 3, "accuracy", 1).levels("test")).hasSize(1);
    assertThatThrownBy(() -> task(4, 3, "accurarcy", 1).levels("test"))
        .hasMessageContaining("is no number of loss or accuracy");
    assertThatThrownBy(() -> task(4, 3, "loss", Double.NaN).levels("test"))
        .hasMessageContaining("is no number of loss or accuracy");
  }
}
