package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the sweeps of a file set a value to, as {@code --explain} tells. */
class ExplainedSweepsTest {
  private static List<String> explained(String sweeps, String path) {
    return Experiment.with(sweeps).read().explain(path).stream()
        .map(e -> e.scope() + "=" + e.value())
        .toList();
  }

  @Test
  void a_sweep_that_leaves_a_value_alone_is_not_named() {
    assertThat(
            explained(
                "sweeps:\n  own: {grid: {task.dim: [1, 2]}}\n  fixed: {set: {task.dim: 3}}\n"
                    + "  other: {grid: {training.batch_size: [4, 5]}}\n",
                "task.dim"))
        .containsExactly("=16", "own=1", "own=2", "fixed=3");
  }

  @Test
  void a_variant_names_it_by_sections_or_by_its_path() {
    String variants = "{variants: {a: {task: {dim: 4}}, b: {task.dim: 5}, c: {}}}";
    assertThat(explained("sweeps: {s: " + variants + "}\n", "task.dim"))
        .containsExactly("=16", "s=4", "s=5");
  }
}
