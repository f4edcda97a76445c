package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What another kind does not take over is said: else models would differ in more than their kind.
 */
class LostKeysTest {
  private static final String NARROW =
      "architecture: {kind: transformer, embedding_dim: 32, head_dim: 8, mlp_factor: 4}\n";
  private static final String LOST =
      "warning W209: architecture: kind gated_delta takes no other key over: embedding_dim is 256,"
          + " not 32, head_dim is 64, not 8";

  private static String sweep(String part) {
    return Experiment.with(NARROW + "sweeps: {s: {" + part + "}}\n").read().toText();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "variants: {a: {}, b: {architecture: {kind: gated_delta}}}",
        "variants: {a: {}, b: {architecture.kind: gated_delta}}",
        "set: {architecture: {kind: gated_delta}}",
        "grid: {architecture.kind: [transformer, gated_delta], task.dim: [4, 8]}",
      })
  void in_sweeps(String part) {
    assertThat(sweep(part)).containsOnlyOnce("W209").contains(LOST);
  }

  @Test
  void not_of_what_stands_beside_the_new_kind_or_is_its_default() {
    String written = "{kind: gated_delta, embedding_dim: 256, head_dim: 16}";
    assertThat(sweep("set: {architecture: " + written + "}")).isEmpty();
    assertThat(sweep("set: {architecture: {kind: transformer, layers: 1}}")).isEmpty();
    String axes = "architecture.embedding_dim: [32], architecture.head_dim: [8]";
    assertThat(sweep("set: {architecture: {kind: gated_delta}}, grid: {" + axes + "}")).isEmpty();
  }

  /**
   * The sweep's kind has dropped the file's keys before the variant chose the file's kind again.
   */
  @Test
  void also_where_a_kind_comes_back() {
    String gated = "set: {architecture: {kind: gated_delta, layers: 1}}, ";
    assertThat(sweep(gated + "variants: {a: {}, b: {architecture: {kind: transformer}}}"))
        .contains(
            LOST,
            "W209: architecture: kind transformer takes no other key over: embedding_dim is 256,"
                + " not 32, head_dim is 64, not 8",
            "W209: architecture: kind transformer takes no other key over: layers is 2, not 1");
  }

  @Test
  void by_set_and_by_a_profile() {
    String profile = "profiles: {other: {architecture: {kind: gated_delta}}}\n";
    Experiment file = Experiment.with(NARROW + profile);
    assertThat(file.read().toText()).contains(LOST + " (with --profile other)");
    assertThat(file.profile("other").read().toText()).contains(LOST);
    assertThat(Experiment.with(NARROW).set("architecture.kind=gated_delta").read().toText())
        .contains(LOST);
    String[] both = {
      "architecture.kind=gated_delta", "architecture={embedding_dim: 32, head_dim: 8}"
    };
    assertThat(Experiment.with(NARROW).set(both).read().toText()).isEmpty();
  }

  @Test
  void in_a_file_that_extends_another(@TempDir Path folder) {
    String child = "extends: base.yaml\narchitecture: {kind: gated_delta}\n";
    Experiment file = Experiment.with(child).beside("base.yaml", "name: base\n" + NARROW);
    assertThat(file.readIn(folder).toText()).containsOnlyOnce("W209").contains(LOST);
  }

  @Test
  void of_an_optimiser_s_rate() {
    String training = "training: {optimizer: {kind: adam, learning_rate: 3.0e-4}}\n";
    String variants = "sweeps: {s: {variants: {a: {training: {optimizer: sgd}}}}}\n";
    assertThat(Experiment.with(training + variants).read().toText())
        .contains("training.optimizer: kind sgd takes no other key over: learning_rate is ");
  }
}
