package dev.emergence.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.RunConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunIdTest {
  @Test
  void a_seed_is_part_of_the_identity() {
    assertThat(RunId.of(Yaml.tiny(), 4)).isNotEqualTo(RunId.of(Yaml.tiny(), 3));
  }

  @Test
  void spelling_and_order_of_a_file_do_not_matter() {
    String other =
        Yaml.TINY
            .replace("dim: 4, sequence_length: 8", "sequence_length: 8.0, dim: 4")
            .replace("1.0e-3", "0.001");
    assertThat(other).isNotEqualTo(Yaml.TINY);
    assertThat(RunId.of(Yaml.experiment(other).base(), 3)).isEqualTo(RunId.of(Yaml.tiny(), 3));
  }

  @Test
  void keys_that_decide_the_result_change_the_id() {
    List<String> sets =
        List.of(
            "task.relevant_feature=false",
            "repetition.cross_sample=0.1",
            "repetition.dataset=64",
            "repetition.dataset=65",
            "architecture.layers=2",
            "architecture.initialization=lecun_normal",
            "training.batch_size=5",
            "training.optimizer.learning_rate=0.002",
            "measurement.evaluate_every=20",
            "measurement.evaluate_samples=17",
            "measurement.test_sets.other={cross_sample: 0.5}",
            "measurement.attention.record=[entropy]");
    assertThat(
            sets.stream()
                .map(
                    s ->
                        s.startsWith("task")
                            ? List.of(s, "task.relevant_position=fixed")
                            : List.of(s))
                .map(RunIdTest::id))
        .doesNotHaveDuplicates()
        .doesNotContain(RunId.of(Yaml.tiny(), 3));
  }

  @Test
  void keys_that_do_not_decide_the_result_leave_the_id_alone() {
    List<String> sets =
        List.of(
            "training.max_steps=61",
            "training.max_time=3",
            "repetition.dataset=endless",
            "measurement.thresholds.plateau={metric: test.loss, below: 0.2}",
            "measurement.thresholds.more={metric: test.loss, above: 0.2}",
            "measurement.stop={never: true}",
            "measurement.attention.pictures_at=[0]",
            "execution.jobs=7",
            "description=other",
            "name=other");
    assertThat(sets.stream().map(s -> id(List.of(s)))).allMatch(RunId.of(Yaml.tiny(), 3)::equals);
  }

  @Test
  void unpaired_seeds_differ_between_configurations_only() {
    RunConfig one = Yaml.tiny();
    RunConfig other = Yaml.tiny("training.batch_size=5");
    assertThat(RunId.unpaired(one, 3))
        .isEqualTo(RunId.unpaired(Yaml.tiny("training.max_steps=5"), 3))
        .isNotNegative();
    assertThat(RunId.unpaired(one, 3))
        .isNotEqualTo(RunId.unpaired(one, 4))
        .isNotEqualTo(RunId.unpaired(other, 3));
  }

  /** As the first release computed them: a stored run is looked for under its id. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|{kind: linear_regression, dim: 4, sequence_length: 8}|{kind: transformer}|{}",
        "1|{kind: associative_recall, pairs: 8, tokens: 32, query_placement: exactly}"
            + "|{kind: transformer, layers: 1, layer_norm: pre, readout: all}"
            + "|{optimizer: {kind: adamw, weight_decay: 0.1}, batch_size: 16}",
        "2|{kind: linear_regression, dim: 3, sequence_length: 5, relevant_position: last,"
            + " relevant_feature: false}|{kind: toy}|{optimizer: {kind: gradient_flow}}",
        "3|{kind: linear_regression, dim: 3, sequence_length: 5, relevant_position: fixed,"
            + " relevant_feature: false}|{kind: toy, dynamics: sgd, initialization: normal}"
            + "|{optimizer: {kind: sgd}, gradient_clip: 1.0}"
      })
  void ids_are_those_of_the_first_release(
      int which, String task, String architecture, String training) {
    String yaml =
        "dsl: 1\nname: x\ntask: %s\narchitecture: %s\ntraining: %s\n"
                .formatted(task, architecture, training)
            + "measurement: {evaluate_samples: 2048}\n";
    List<String> known =
        List.of("2589ad16af1d10bb", "df04a5fa09d83461", "c3691673613ddce3", "f031e774eaf0b97c");
    assertThat(RunId.of(Yaml.experiment(yaml).base(), 3)).isEqualTo(known.get(which));
  }

  private static String id(List<String> sets) {
    return RunId.of(Yaml.tiny(sets.toArray(String[]::new)), 3);
  }
}
