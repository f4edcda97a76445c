package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.ToySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  private static final String SWEEP =
      "sweeps: {s: {set: {training.batch_size: 8}, variants: {v: {training: {max_steps: 5}}}, grid:"
          + " {task.dim: [8, 16]}}}\n";

  private static ExperimentSpec spec(String text, String... sets) {
    return Experiment.spec(Experiment.with(text).set(sets).read());
  }

  @Test
  void a_value_is_set_from_the_command_line() {
    assertThat(spec("", "training.batch_size=7").base().training().batchSize()).isEqualTo(7);
    assertThat(
            spec("training: {batch_size: 3}\n", "training.batch_size=7")
                .base()
                .training()
                .batchSize())
        .isEqualTo(7);
    assertThat(spec("", "seeds.count=3").seeds().orElseThrow().count()).isEqualTo(3);
    assertThat(
            spec(
                    "architecture: {kind: toy}\ntraining: {optimizer: {kind: gradient_flow}}\n",
                    "task.relevant_position=last",
                    "task.relevant_feature=false",
                    "seeds=none")
                .seeds())
        .isEmpty();
  }

  @Test
  void the_last_of_two_values_wins() {
    assertThat(
            spec("", "training.batch_size=7", "training.batch_size=9")
                .base()
                .training()
                .batchSize())
        .isEqualTo(9);
  }

  @Test
  void the_command_line_wins_over_profiles_and_settings_of_sweeps() {
    ExperimentSpec spec = spec(SWEEP, "training.batch_size=9");
    assertThat(spec.sweeps().get("s").conditions())
        .allSatisfy(c -> assertThat(c.config().training().batchSize()).isEqualTo(9));
    Reading profiled =
        Experiment.with("profiles: {p: {training: {batch_size: 5}}}\n")
            .profile("p")
            .set("training.batch_size=6")
            .read();
    assertThat(Experiment.spec(profiled).base().training().batchSize()).isEqualTo(6);
  }

  @Test
  void another_kind_drops_the_keys_of_the_old_one() {
    ExperimentSpec spec =
        spec(
            "architecture: {kind: transformer, layers: 3}\n",
            "architecture.kind=toy",
            "training.optimizer={kind: gradient_flow}",
            "task.relevant_position=last",
            "task.relevant_feature=false");
    assertThat(spec.base().architecture()).isInstanceOf(ToySpec.class);
  }

  @Test
  void an_axis_can_be_set() {
    ExperimentSpec spec = spec(SWEEP, "sweeps.s.grid.task.dim=[4, 5, 6]");
    assertThat(spec.sweeps().get("s").axes().toString()).isEqualTo("{task.dim=[4, 5, 6]}");
  }

  @Test
  void the_name_says_which_profile_was_chosen() {
    assertThat(Experiment.spec(Experiment.with("profiles: {p: {}}\n").profile("p").read()).name())
        .isEqualTo("experiment+p");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "task.dim=64 | --set task.dim=64: error E117: task.dim is swept by s",
        "task={dim: 64} | error E117: task is swept by s",
        "training.max_steps=64 | error E117: training.max_steps is swept by s",
        "task.dimm=64 | --set task.dimm=64: error E102: unknown key 'dimm' in task (kind:"
            + " linear_regression)",
        "tusk.dim=64 | error E117: there is no 'tusk.dim'",
        "task.sequence_length=010 | --set task.sequence_length=010: error E106: write 10 for '010'",
        "task.sequence_length=&a 3 | error E105",
        "task.sequence_length | error E117: write --set path=value",
        "task.sequence_length= | error E117: write --set path=value",
        "=3 | error E117: write --set path=value",
        "training={max_steps: [ | error E100",
      })
  void what_cannot_be_set_is_refused(String set, String message) {
    assertThat(Experiment.with(SWEEP).set(set).read().toText()).contains(message);
  }

  @ParameterizedTest
  @CsvSource({"dsl=7", "extends=other.yaml", "abstract=true", "profiles.p.training.batch_size=3"})
  void what_is_read_before_a_command_line_counts_is_not_set_by_it(String set) {
    assertThat(Experiment.with("").set(set).read().toText())
        .contains("error E117: '" + set.split("=")[0] + "' is for files, not for --set");
  }

  @Test
  void an_empty_mapping_is_told_to_change_nothing() {
    assertThat(Experiment.with(SWEEP).set("sweeps={}").read().toText())
        .contains("warning W203: 'sweeps={}' changes nothing", "write sweeps=null to take it away");
    assertThat(Experiment.with(SWEEP).set("seeds={count: 2}").read().toText()).isEmpty();
    // A sweep and a test set are there by their names alone.
    for (String added : new String[] {"sweeps.more={}", "measurement.test_sets.more={}"}) {
      assertThat(Experiment.with(SWEEP).set(added).read().toText()).as(added).isEmpty();
    }
  }
}
