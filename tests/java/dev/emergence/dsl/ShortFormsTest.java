package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.plan.RunId;
import dev.emergence.plan.SpecTree;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.RunConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Words and numbers that stand for a mapping, and tokens that stand for sequences. */
class ShortFormsTest {
  private static final String TASK =
      "task: {kind: linear_regression, dim: 4, sequence_length: 16}\n";

  @TempDir Path temp;

  private static Reading read(String more, String... sets) {
    return SpecReader.read(
        "x.yaml", "dsl: 1\nname: x\n" + TASK + more, ReadOptions.none().withSets(sets));
  }

  private static ExperimentSpec valid(String more, String... sets) {
    Reading reading = read(more, sets);
    assertThat(reading.toText()).isEmpty();
    return reading.spec().orElseThrow();
  }

  @Test
  void a_number_of_seeds_is_their_count() {
    assertThat(valid("seeds: 3\n")).isEqualTo(valid("seeds: {count: 3}\n"));
    assertThat(valid("", "seeds=3")).isEqualTo(valid("seeds: {count: 3}\n"));
    String flow = "architecture: {kind: toy}\ntraining: {optimizer: {kind: gradient_flow}}\n";
    String[] toy = {"task.relevant_position=last", "task.relevant_feature=false"};
    assertThat(valid(flow + "seeds: none\n", toy).seeds()).isEmpty();
  }

  @Test
  void a_kind_whose_other_keys_have_defaults_is_a_word() {
    assertThat(valid("training: {optimizer: sgd, schedule: constant}\narchitecture: transformer\n"))
        .isEqualTo(
            valid(
                "training: {optimizer: {kind: sgd}, schedule: {kind: constant}}\n"
                    + "architecture: {kind: transformer}\n"));
    assertThat(valid("", "training.optimizer=sgd").base().training().optimizer())
        .isInstanceOf(OptimizerSpec.Sgd.class);
  }

  @Test
  void a_kind_with_keys_to_write_is_no_word() {
    assertThat(read("training: {schedule: cosine}\n").toText())
        .contains("error E111: training.schedule must be a mapping", "write {kind: cosine}");
  }

  @Test
  void a_list_of_moments_or_a_single_one_is_the_key_that_holds_them() {
    String at = "measurement: {checkpoints_at: %s}\n";
    assertThat(valid(at.formatted("[0, last]"))).isEqualTo(valid(at.formatted("{at: [0, last]}")));
    assertThat(valid(at.formatted("last"))).isEqualTo(valid(at.formatted("{at: last}")));
    assertThat(valid("", "measurement.checkpoints_at=[0, last]"))
        .isEqualTo(valid(at.formatted("[0, last]")));
    assertThat(valid(at.formatted("{every: 50}")).base().measurement().checkpointsAt().every())
        .isEqualTo(50);
  }

  @Test
  void moments_that_there_are_not_are_told() {
    assertThat(read("measurement: {checkpoints_at: [0, plato]}\n").toText())
        .contains("x.yaml:4:", "checkpoints_at names 'plato', which is no threshold");
    assertThat(read("training: {max_steps: 100}\nmeasurement: {checkpoints_at: [101]}\n").toText())
        .contains("x.yaml:5:", "checkpoints_at names step 101, but the training ends at step 100");
    assertThat(read("measurement: {checkpoints_at: {evry: 5}}\n").toText())
        .contains("unknown key 'evry'", "every");
  }

  @Test
  void an_unknown_word_is_told() {
    assertThat(read("training: {optimizer: adamm}\n").toText()).contains("x.yaml:4:", "adamm");
  }

  @Test
  void a_word_is_merged_as_its_mapping() throws Exception {
    Files.writeString(
        temp.resolve("base.yaml"),
        "dsl: 1\nabstract: true\n"
            + TASK
            + "training: {optimizer: {kind: sgd, learning_rate: 0.5}}\n");
    Files.writeString(
        temp.resolve("x.yaml"),
        "dsl: 1\nname: x\nextends: base.yaml\ntraining: {optimizer: sgd}\n");
    Reading reading = SpecReader.read(temp.resolve("x.yaml"), ReadOptions.none());
    assertThat(reading.spec().orElseThrow().base().training().optimizer())
        .isEqualTo(new OptimizerSpec.Sgd(0.5, 0));
  }

  @Test
  void tokens_per_step_are_as_many_sequences() {
    RunConfig tokens = valid("training: {tokens_per_step: 512}\n").base();
    RunConfig sequences = valid("training: {batch_size: 32}\n").base();
    assertThat(tokens.training().batchSize()).isEqualTo(32);
    assertThat(RunId.of(tokens, 3)).isEqualTo(RunId.of(sequences, 3));
    assertThat(SpecTree.read(RunConfig.class, SpecTree.of(tokens))).isEqualTo(tokens);
  }

  @Test
  void tokens_per_step_must_be_whole_sequences() {
    assertThat(read("training: {tokens_per_step: 100}\n").toText())
        .contains(
            "x.yaml:4:29: error E140: tokens_per_step must be a multiple of the sequence length 16,"
                + " got 100",
            "such as 96");
  }

  @Test
  void a_batch_is_said_once() {
    assertThat(read("training: {tokens_per_step: 512, batch_size: 32}\n").toText())
        .contains("error E140: tokens_per_step and batch_size both say how large a batch is");
  }
}
