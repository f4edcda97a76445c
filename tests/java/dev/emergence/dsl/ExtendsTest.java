package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.dsl.yaml.Code;
import dev.emergence.dsl.yaml.Layer;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.ToySpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtendsTest {
  private static final String BASE =
      "abstract: true\ntask: {kind: linear_regression, dim: 16, sequence_length: 48}\n";

  @TempDir Path folder;

  private ExperimentSpec spec(Experiment experiment) {
    return Experiment.spec(experiment.readIn(folder));
  }

  @Test
  void mappings_merge_deeply_and_the_file_wins() {
    ExperimentSpec spec =
        spec(
            Experiment.of("extends: base.yaml\ntask: {dim: 24}\n")
                .beside(
                    "base.yaml",
                    "abstract: true\n"
                        + "task: {kind: linear_regression, dim: 16, sequence_length: 48}\n"
                        + "training: {batch_size: 64}\n"));
    assertThat(spec.base().task().toString()).contains("dim=24").contains("sequenceLength=48");
    assertThat(spec.base().training().batchSize()).isEqualTo(64);
  }

  /** Another file that extends it may read it. */
  @Test
  void a_key_without_effect_is_told_where_it_is_written_in_the_file_itself() {
    String key = "task: {special_token: e1}\n";
    Experiment own = Experiment.of("extends: base.yaml\n" + key).beside("base.yaml", BASE);
    assertThat(own.readIn(folder).toText())
        .contains("experiment.yaml:4:8: warning W203: task.special_token has no effect here");
    String extended = BASE.replace("length: 48", "length: 48, special_token: e1");
    Experiment other = Experiment.of("extends: base.yaml\n").beside("base.yaml", extended);
    assertThat(other.readIn(folder).toText()).isEmpty();
  }

  @Test
  void later_bases_win_over_earlier_ones() {
    ExperimentSpec spec =
        spec(
            Experiment.with("extends: [a.yaml, b.yaml]\n")
                .beside("a.yaml", "training: {batch_size: 8, max_steps: 11}\n")
                .beside("b.yaml", "training: {batch_size: 9}\n"));
    assertThat(spec.base().training().batchSize()).isEqualTo(9);
    assertThat(spec.base().training().maxSteps()).isEqualTo(11);
  }

  @Test
  void names_descriptions_and_being_abstract_are_not_inherited() {
    Reading reading =
        Experiment.with("extends: base.yaml\n")
            .beside("base.yaml", "abstract: true\nname: base\ndescription: something else\n")
            .readIn(folder);
    assertThat(Experiment.spec(reading).name()).isEqualTo("experiment");
    assertThat(Experiment.spec(reading).description()).isEmpty();
  }

  @Test
  void another_kind_drops_the_keys_of_the_base() {
    ExperimentSpec spec =
        spec(
            Experiment.with(
                    "extends: base.yaml\ntraining: {optimizer: {kind: sgd, learning_rate: 0.5}}\n")
                .beside(
                    "base.yaml",
                    "training: {optimizer: {kind: adam, learning_rate: 0.1, beta1: 0.8}}\n"));
    assertThat(spec.base().training().optimizer()).isEqualTo(new OptimizerSpec.Sgd(0.5, 0));
  }

  @Test
  void a_kind_that_was_only_the_default_counts_as_another_kind_too() {
    ExperimentSpec spec =
        spec(
            Experiment.of(
                    "extends: base.yaml\n"
                        + "task: {kind: linear_regression, dim: 4, sequence_length: 8,"
                        + " relevant_position: last, relevant_feature: false}\n"
                        + "architecture: {kind: toy}\n"
                        + "training: {optimizer: {kind: gradient_flow}}\n")
                .beside("base.yaml", "architecture: {layers: 4}\n"));
    assertThat(spec.base().architecture()).isInstanceOf(ToySpec.class);
  }

  @Test
  void the_same_kind_written_again_keeps_the_keys_of_the_base() {
    ExperimentSpec spec =
        spec(
            Experiment.with(
                    "extends: base.yaml\ntraining: {optimizer: {kind: adam, beta2: 0.99}}\n")
                .beside("base.yaml", "training: {optimizer: {learning_rate: 0.1, beta1: 0.8}}\n"));
    assertThat(spec.base().training().optimizer())
        .isEqualTo(new OptimizerSpec.Adam(0.1, 0.8, 0.99, 1e-8));
  }

  @Test
  void thresholds_replace_as_a_whole() {
    ExperimentSpec spec =
        spec(
            Experiment.with(
                    "extends: base.yaml\n"
                        + "measurement: {thresholds: {level: {metric: test.loss, above: 0.9}}}\n")
                .beside(
                    "base.yaml",
                    "measurement: {thresholds: {level: {metric: test.loss, below: 0.1, hold: 3},"
                        + " other: {metric: test.loss, below: 0.2}}}\n"));
    assertThat(spec.base().measurement().thresholds()).containsOnlyKeys("level", "other");
    assertThat(spec.base().measurement().thresholds().get("level").below())
        .isEqualTo(Optional.empty());
    assertThat(spec.base().measurement().thresholds().get("level").hold()).isEqualTo(1);
  }

  @Test
  void seeds_and_stop_replace_as_a_whole() {
    ExperimentSpec spec =
        spec(
            Experiment.with(
                    "extends: base.yaml\nseeds: {count: 3}\nmeasurement: {stop: {never: true}}\n")
                .beside(
                    "base.yaml",
                    "seeds: {first: 7}\n"
                        + "measurement: {thresholds: {t: {metric: test.loss, below: 0.1}}, stop:"
                        + " {when: t, extra: 50%}}\n"));
    assertThat(spec.seeds().orElseThrow().first()).isZero();
    assertThat(spec.base().measurement().stop().when()).isEmpty();
  }

  @Test
  void null_takes_an_inherited_entry_away() {
    ExperimentSpec spec =
        spec(
            Experiment.with(
                    "extends: base.yaml\n"
                        + "measurement: {test_sets: {one: null}}\n"
                        + "training: {batch_size: null}\n")
                .beside(
                    "base.yaml",
                    "measurement: {test_sets: {one: {}, two: {}}}\ntraining: {batch_size: 64}\n"));
    assertThat(spec.base().measurement().testSets()).containsOnlyKeys("two");
    assertThat(spec.base().training().batchSize()).isEqualTo(32);
  }

  @Test
  void axes_replace_as_a_whole_and_the_other_axes_stay() {
    ExperimentSpec spec =
        spec(
            Experiment.with("extends: base.yaml\nsweeps: {s: {grid: {task.dim: [3]}}}\n")
                .beside(
                    "base.yaml",
                    "sweeps: {s: {grid: {task.dim: {from: 1, to: 4, num: 4}, training.batch_size:"
                        + " [1, 2]}}}\n"));
    assertThat(spec.sweeps().get("s").axes().toString())
        .isEqualTo("{task.dim=[3], training.batch_size=[1, 2]}");
  }

  @Test
  void bases_may_extend_bases_and_be_reached_twice() {
    ExperimentSpec spec =
        spec(
            Experiment.with("extends: [left.yaml, deep/right.yaml]\n")
                .beside("left.yaml", "extends: root.yaml\n")
                .beside("deep/right.yaml", "extends: ../root.yaml\ntraining: {max_steps: 7}\n")
                .beside("root.yaml", "training: {batch_size: 5}\n"));
    assertThat(spec.base().training().batchSize()).isEqualTo(5);
    assertThat(spec.base().training().maxSteps()).isEqualTo(7);
  }

  @Test
  void a_chain_of_eight_is_read_and_a_longer_one_refused() {
    Experiment eight = Experiment.with("extends: b1.yaml\n");
    for (int i = 1; i < 8; i++) {
      eight.beside("b" + i + ".yaml", "extends: b" + (i + 1) + ".yaml\n");
    }
    assertThat(eight.beside("b8.yaml", "training: {batch_size: 3}\n").readIn(folder).spec())
        .isPresent();
    Reading nine =
        eight
            .beside("b8.yaml", "extends: b9.yaml\n")
            .beside("b9.yaml", "training: {batch_size: 3}\n")
            .readIn(folder);
    assertThat(nine.toText()).contains("E108").contains("more than 8 files deep");
  }

  @Test
  void an_error_in_a_base_is_reported_there() {
    Reading reading =
        Experiment.with("extends: bases/base.yaml\n")
            .beside("bases/base.yaml", "training: {batch_sizes: 3}\n")
            .readIn(folder);
    assertThat(reading.diagnostics())
        .singleElement()
        .satisfies(
            d -> {
              assertThat(d.file()).isEqualTo("bases/base.yaml");
              assertThat(d.line()).isEqualTo(2);
              assertThat(d.code()).isEqualTo(Code.E102);
            });
  }

  @Test
  void a_base_of_a_newer_language_is_refused() throws IOException {
    Experiment.with("extends: base.yaml\n").beside("base.yaml", "").readIn(folder);
    Files.writeString(folder.resolve("base.yaml"), "dsl: 3\n");
    Reading reading = SpecReader.read(folder.resolve("experiment.yaml"), ReadOptions.none());
    assertThat(reading.toText()).contains("E114").contains("dsl: 3 is newer than 1");
  }

  @Test
  void every_value_knows_where_it_was_set() {
    Reading reading =
        Experiment.with(
                "extends: base.yaml\n"
                    + "sweeps: {s: {set: {training.batch_size: 5}, grid: {task.dim: [3, 4]}}}\n"
                    + "profiles: {p: {training: {max_steps: 9}}}\n")
            .beside("base.yaml", "architecture: {layers: 3}\n")
            .profile("p")
            .set("architecture.heads=2")
            .readIn(folder);
    Experiment.spec(reading);
    assertThat(reading.explain("architecture.layers").toString())
        .isEqualTo("[3 (extends at base.yaml:2:24)]");
    assertThat(reading.explain("architecture.heads").toString())
        .isEqualTo("[2 (--set at --set architecture.heads=2)]");
    assertThat(reading.explain("training.max_steps").toString()).startsWith("[9 (profile at ");
    assertThat(reading.explain("architecture.kind").toString())
        .isEqualTo("[transformer (default)]");
    assertThat(reading.explain("measurement.evaluate_every").toString())
        .isEqualTo("[50 (default)]");
    assertThat(reading.explain("training.batch_size"))
        .extracting(Explanation::layer)
        .containsExactly(Layer.DEFAULT, Layer.SWEEP_SET);
    assertThat(reading.explain("task.dim"))
        .extracting(Explanation::value)
        .containsExactly("16", "3", "4");
    assertThat(reading.explain("task.dims")).isEmpty();
  }
}
