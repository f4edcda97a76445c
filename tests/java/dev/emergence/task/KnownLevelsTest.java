package dev.emergence.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownLevelsTest {
  private static final String AUTOMATON =
      """
      dsl: 1
      name: automaton
      task: {kind: cellular_automaton, cells: 8, rules: 2}
      measurement: {test_sets: {test: {}}}
      """;

  private final KnownLevels known = new KnownLevels();

  private static Replica run(int seed, String... sets) {
    return new Replica(Yaml.experiment(AUTOMATON, sets).base(), seed);
  }

  @Test
  void runs_that_differ_in_their_training_alone_share_what_was_estimated_once() {
    List<Level> first = known.of(run(3), "test");
    assertThat(first).isEqualTo(Tasks.levels(run(3), "test")).isNotEmpty();
    assertThat(known.of(run(3, "training.max_steps=77"), "test")).isSameAs(first);
  }

  @Test
  void another_test_set_of_the_same_name_has_levels_of_its_own() {
    String repeats = "measurement.test_sets.test.in_context=2";
    List<Level> first = known.of(recall(), "test");
    assertThat(known.of(recall(repeats), "test"))
        .isEqualTo(Tasks.levels(recall(repeats), "test"))
        .isNotEqualTo(first);
  }

  private static Replica recall(String... sets) {
    String recall =
        """
        dsl: 1
        name: recall
        task: {kind: associative_recall, pairs: 8, tokens: 32}
        measurement: {test_sets: {test: {}}}
        """;
    return new Replica(Yaml.experiment(recall, sets).base(), 3);
  }

  @Test
  void another_seed_and_another_task_have_levels_of_their_own() {
    List<Level> first = known.of(run(3), "test");
    for (Replica other : List.of(run(4), run(3, "task.cells=10"))) {
      assertThat(known.of(other, "test"))
          .isEqualTo(Tasks.levels(other, "test"))
          .isNotEqualTo(first);
    }
  }
}
