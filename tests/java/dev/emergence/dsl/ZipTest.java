package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.SweepSpec;
import org.junit.jupiter.api.Test;

/** A column of a zip is no axis of its own: its values may come back beside others. */
class ZipTest {
  private static Reading zip(String columns) {
    return Experiment.with("sweeps: {s: {zip: {" + columns + "}}}\n").read();
  }

  @Test
  void a_column_may_repeat_values() {
    String columns = "task.dim: [8, 8, 9], task.sequence_length: [16, 17, 16.0]";
    SweepSpec sweep = Experiment.spec(zip(columns)).sweeps().get("s");
    assertThat(sweep.conditions())
        .extracting(c -> c.values().values().toString())
        .containsExactly("[8, 16]", "[8, 17]", "[9, 16]");
    assertThat(sweep.axes().get("task.dim")).containsExactly(8L, 9L);
  }

  @Test
  void a_row_that_comes_back_is_refused() {
    assertThat(zip("task.dim: [8, 8, 8.0], task.sequence_length: [16, 17, 1.6e1]").toText())
        .contains("E121: the zip has the row task.dim 8.0, task.sequence_length 1.6e1 twice");
  }
}
