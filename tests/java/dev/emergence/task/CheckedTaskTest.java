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

  private record Says(List<Attends> attends, List<Level> all) implements SequenceTask {
    Says(List<Attends> attends, Level... levels) {
      this(attends, List.of(levels));
    }

    @Override
    public void draw(RandomStream stream, int step, int n, SequenceOut out) {}

    @Override
    public List<Level> levels(String testSet) {
      return all;
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

  @Test
  void levels_are_possible_numbers_and_each_has_its_own_name() {
    assertThatThrownBy(() -> task(4, 3, "accuracy", 95).levels("test"))
        .as("in percent")
        .hasMessageContaining("is no number of loss or accuracy");
    assertThatThrownBy(() -> task(4, 3, "loss", -0.7).levels("test"))
        .hasMessageContaining("is no number of loss or accuracy");
    Level oracle = new Level("oracle", "loss", 0, "knows");
    SequenceTask twice = new Says(List.of(), oracle, oracle);
    assertThatThrownBy(() -> new CheckedTask(twice, SHAPE).levels("test"))
        .hasMessageContaining("loss has two levels of the name oracle");
  }

  @Test
  void no_query_and_no_key_of_a_query_is_there_twice() {
    assertThatThrownBy(() -> task(4, 0, "loss", 0).attends())
        .hasMessageContaining("parents: key 0 is there twice");
    Attends both = new Attends("parents", new int[] {4, 4}, new int[][] {{0}, {1}});
    SequenceTask task = new Says(List.of(both), new Level("oracle", "loss", 0, "knows"));
    assertThatThrownBy(() -> new CheckedTask(task, SHAPE).attends())
        .hasMessageContaining("parents: query 4 is there twice");
  }
}
