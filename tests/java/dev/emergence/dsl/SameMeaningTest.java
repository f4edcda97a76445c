package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.Condition;
import dev.emergence.spec.OptimizerSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys mean the same in any order and in any way of writing them. */
class SameMeaningTest {
  @TempDir Path temp;

  private static Experiment sweep(String text) {
    return Experiment.with("sweeps: {s: {" + text + "}}\n");
  }

  private static List<String> optimizers(Reading reading) {
    return Experiment.spec(reading).sweeps().values().iterator().next().conditions().stream()
        .map(SameMeaningTest::optimizer)
        .toList();
  }

  private static String optimizer(Condition c) {
    OptimizerSpec o = c.config().training().optimizer();
    return c.variant() + o.getClass().getSimpleName() + " " + o.learningRate();
  }

  /** A kind that is written after other keys must not take them away. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "grid: {lr: [0.1, 0.2], training.optimizer.kind: [adamw, sgd]}",
        "grid: {training.optimizer.kind: [adamw, sgd], lr: [0.1, 0.2]}",
        "grid: {lr: [0.1, 0.2]}, variants: {w: {training.optimizer: adamw}, x: {training:"
            + " {optimizer: sgd}}}",
      })
  void axes_keep_their_values_beside_an_axis_of_kinds(String sweep) {
    assertThat(optimizers(sweep(sweep).read()))
        .map(text -> text.replaceFirst("^[wx]", ""))
        .containsExactlyInAnyOrder("AdamW 0.1", "Sgd 0.1", "AdamW 0.2", "Sgd 0.2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set: {training.optimizer.learning_rate: 0.3, training.optimizer.kind: sgd}",
        "set: {training.optimizer.kind: sgd, training.optimizer.learning_rate: 0.3}",
        "set: {lr: 0.3, training.optimizer: sgd}",
        "set: {lr: 0.3, training: {optimizer: {kind: sgd}}}",
        "set: {training: {optimizer: {learning_rate: 0.3}}, training.optimizer: {kind: sgd}}",
        "set: {training.optimizer: sgd}, grid: {lr: [0.3]}",
        "set: {training: {optimizer: sgd}}, grid: {lr: [0.3]}",
        "grid: {lr: [0.3], training.optimizer.kind: [sgd]}",
      })
  void a_kind_and_a_key_beside_it_are_both_kept(String sweep) {
    assertThat(optimizers(sweep(sweep).read())).containsExactly("Sgd 0.3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "training.optimizer.learning_rate=0.3; training.optimizer.kind=sgd",
        "training.optimizer.kind=sgd; training.optimizer.learning_rate=0.3",
        "training.optimizer=sgd; lr=0.3",
        "lr=0.3; training.optimizer={kind: sgd}",
      })
  void the_command_line_keeps_a_kind_and_a_key_beside_it(String one, String other) {
    assertThat(optimizers(Experiment.with("").set(one, other).read())).containsExactly("Sgd 0.3");
    assertThat(optimizers(Experiment.with("").set("lr=0.7", one, other).read()))
        .containsExactly("Sgd 0.3");
  }

  @Test
  void of_a_path_that_is_set_twice_the_last_value_counts() {
    Experiment file = Experiment.with("training: {optimizer: {kind: sgd, learning_rate: 0.5}}\n");
    String rate = "training.optimizer.learning_rate=";
    Reading reading =
        file.set(rate + "0.7", "training={optimizer: {learning_rate: 0.2}}", rate + "0.3").read();
    assertThat(optimizers(reading)).containsExactly("Sgd 0.3");
  }

  /** The word alone is a mapping with a kind, which takes nothing away of the same kind. */
  @Test
  void a_word_of_the_command_line_is_a_kind() {
    Experiment file = Experiment.with("training: {optimizer: {kind: sgd, learning_rate: 0.3}}\n");
    for (String set : List.of("training.optimizer=sgd", "training.optimizer={kind: sgd}")) {
      assertThat(optimizers(file.set(set).read())).as(set).containsExactly("Sgd 0.3");
    }
  }

  /** The command line stands above what a sweep sets, and axes above both. */
  @Test
  void a_kind_of_the_command_line_leaves_the_values_of_axes() {
    Experiment file = sweep("set: {training.optimizer.kind: adamw}, grid: {lr: [0.1, 0.2]}");
    assertThat(optimizers(file.set("training.optimizer.kind=sgd").read()))
        .containsExactly("Sgd 0.1", "Sgd 0.2");
  }

  /** The kind of the command line is in the place of the sweep's, which then drops nothing. */
  @Test
  void a_kind_of_the_command_line_keeps_the_keys_of_the_files_kind() {
    Experiment file =
        Experiment.with(
            "training: {optimizer: {kind: sgd, learning_rate: 0.3}}\n"
                + "sweeps: {s: {set: {training.optimizer: {kind: adamw, beta1: 0.8}}}}\n");
    assertThat(optimizers(file.set("training.optimizer.kind=sgd").read()))
        .containsExactly("Sgd 0.3");
  }

  /** A key that a sweep sets is the same key in a profile or in another file. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "training.optimizer.learning_rate: 0.5; training.optimizer.learning_rate: 0.3",
        "training.optimizer.learning_rate: 0.5; training: {optimizer: {learning_rate: 0.3}}",
        "training: {optimizer: {learning_rate: 0.5}}; training.optimizer.learning_rate: 0.3",
        "training: {optimizer: {learning_rate: 0.5}}; training: {optimizer: {learning_rate: 0.3}}",
        "training: {optimizer: {learning_rate: 0.5}}; training.optimizer: {learning_rate: 0.3}",
      })
  void what_stands_above_wins_whichever_way_it_is_written(String below, String above)
      throws IOException {
    String kind = "training: {optimizer: {kind: sgd, learning_rate: 0.7}}\n";
    for (String part : List.of("set: {KEYS}", "variants: {v: {KEYS}}")) {
      for (String first :
          List.of("KEYS, training.batch_size: 5", "training: {batch_size: 5}, KEYS")) {
        boolean twice = first.startsWith("training") && below.startsWith("training:");
        String before = twice ? below : first.replace("KEYS", below);
        String base = "sweeps: {s: {" + part.replace("KEYS", before) + "}}";
        String over = "sweeps: {s: {" + part.replace("KEYS", above) + "}}";
        Reading profiled =
            Experiment.with(kind + base + "\nprofiles: {p: {" + over + "}}\n").profile("p").read();
        assertThat(optimizers(profiled))
            .as(before)
            .map(SameMeaningTest::rate)
            .containsExactly("0.3");
        Reading extended =
            Experiment.with(kind + "extends: base.yaml\n" + over + "\n")
                .beside("base.yaml", base + "\n")
                .readIn(temp);
        assertThat(optimizers(extended))
            .as(before)
            .map(SameMeaningTest::rate)
            .containsExactly("0.3");
      }
    }
  }

  private static String rate(String optimizer) {
    return optimizer.replaceFirst(".*Sgd ", "");
  }

  /** The profile's axis replaces the file's, and null takes it away. */
  @ParameterizedTest
  @CsvSource({"lr,training.optimizer.learning_rate", "training.optimizer.learning_rate,lr"})
  void a_symbol_and_its_path_are_one_axis_in_a_file_and_its_profile(String below, String above)
      throws IOException {
    String file = "training.optimizer.kind: [sgd], " + below + ": [0.5, 0.6], task.dim: [3, 4]";
    String text =
        ("sweeps: {s: {grid: {" + file + "}}}\nprofiles: {p: {sweeps: {s: {grid: {ABOVE}}}}}\n");
    assertThat(
            optimizers(
                Experiment.with(text.replace("ABOVE", above + ": [0.3]")).profile("p").read()))
        .containsExactly("Sgd 0.3", "Sgd 0.3");
    assertThat(
            optimizers(
                Experiment.with(text.replace("ABOVE", above + ": null")).profile("p").read()))
        .containsExactly("Sgd 0.001", "Sgd 0.001");
    String set = "sweeps: {s: {set: {training.optimizer.kind: sgd, KEY: 0.5}}}\n";
    Reading extended =
        Experiment.with("extends: base.yaml\n" + set.replace("KEY: 0.5", above + ": 0.3"))
            .beside("base.yaml", set.replace("KEY", below))
            .readIn(temp);
    assertThat(optimizers(extended)).containsExactly("Sgd 0.3");
  }

  /** What a profile takes away of a sweep is the file's again, as where both are nested. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "training.optimizer.learning_rate: 0.5; training: {optimizer: {learning_rate: null}}",
        "training: {optimizer: {learning_rate: 0.5}}; training.optimizer.learning_rate: null",
        "training: {optimizer: {learning_rate: 0.5}}; training: {optimizer: {learning_rate: null}}",
      })
  void what_is_taken_away_of_a_sweep_is_the_files_again(String below, String above) {
    String file =
        "training: {optimizer: {kind: sgd, learning_rate: 0.7}}\n"
            + "sweeps: {s: {set: {BELOW}}}\nprofiles: {p: {sweeps: {s: {set: {ABOVE}}}}}\n";
    Reading reading =
        Experiment.with(file.replace("BELOW", below).replace("ABOVE", above)).profile("p").read();
    assertThat(optimizers(reading)).containsExactly("Sgd 0.7");
  }

  /** A part of a file without a kind speaks of the file's kind, not of the default one. */
  @ParameterizedTest
  @ValueSource(strings = {"training: {optimizer: {KEYS}}", "training.optimizer: {KEYS}"})
  void the_files_own_kind_takes_nothing_away_of_a_sweep(String part) {
    String file =
        "training: {optimizer: {kind: sgd}}\n"
            + "sweeps: {s: {set: {training: {optimizer: {learning_rate: 0.3}}}}}\n"
            + "profiles: {p: {sweeps: {s: {set: {PART}}}}}\n";
    for (String kind : List.of("sgd", "adamw")) {
      String keys = "kind: " + kind;
      Reading reading =
          Experiment.with(file.replace("PART", part.replace("KEYS", keys))).profile("p").read();
      String rate = kind.equals("sgd") ? "Sgd 0.3" : "AdamW 1.0E-4";
      assertThat(reading.spec().orElseThrow().sweeps().get("s").conditions())
          .map(SameMeaningTest::optimizer)
          .containsExactly(rate);
    }
  }

  /** As in a file, of which a mapping without keys leaves what it is laid over. */
  @Test
  void a_mapping_without_keys_leaves_what_a_sweep_sets() {
    String file =
        "sweeps: {s: {set: {training: {optimizer: {kind: sgd, learning_rate: 0.3}}}}}\n"
            + "profiles: {p: {sweeps: {s: {set: {training: {}, training.optimizer: {}}}}}}\n";
    assertThat(optimizers(Experiment.with(file).profile("p").read())).containsExactly("Sgd 0.3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set: {training: {batch_size: 3}, training.batch_size: 4}",
        "set: {training.optimizer: sgd, training: {optimizer: {kind: adamw}}}",
        "set: {lr: 0.1, training.optimizer: {learning_rate: 0.2}}",
        "variants: {a: {training.batch_size: 4, training: {batch_size: 3}}}",
      })
  void a_key_of_a_part_is_written_once(String sweep) {
    assertThat(sweep(sweep).read().toText())
        .containsOnlyOnce("error E124")
        .contains("is written twice here, nested and as a path");
  }

  /** A variant's own way of writing a key does not matter for what is set in it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "training: {optimizer: {kind: sgd, learning_rate: 0.5}}, task.dim: 3",
        "training.optimizer.learning_rate: 0.5, training.optimizer: sgd",
      })
  void a_variant_is_set_whichever_way_it_is_written(String variant) {
    Experiment file = sweep("variants: {v: {" + variant + "}}");
    assertThat(
            optimizers(file.set("sweeps.s.variants.v.training.optimizer.learning_rate=0.3").read()))
        .containsExactly("vSgd 0.3");
  }

  /** An item that stands for a list of one has paths of its own. */
  @Test
  void a_value_of_the_only_item_of_a_list_is_a_number() {
    Reading reading =
        Experiment.with(
                "architecture: {logit_bias: {toward: previous, strength: 1}}\n"
                    + "sweeps: {s: {grid: {architecture.logit_bias.strength: [0, 3]}}}\n")
            .read();
    assertThat(Experiment.spec(reading).sweeps().get("s").conditions())
        .extracting(c -> c.values().get("architecture.logit_bias.strength"))
        .containsExactly(0.0, 3.0);
  }

  @Test
  void a_share_in_percent_is_a_number() {
    String rotary = "architecture: {positional_encoding: rotary}\n";
    String sweep = "sweeps: {s: {grid: {architecture.rotary_share: [VALUES]}WHEN}}\n";
    Reading kept =
        Experiment.with(
                rotary
                    + sweep
                        .replace("VALUES", "25%, 0.5")
                        .replace("WHEN", ", when: architecture.rotary_share < 0.4"))
            .read();
    assertThat(Experiment.spec(kept).sweeps().get("s").conditions())
        .singleElement()
        .satisfies(c -> assertThat(c.values().values()).containsExactly(0.25));
    String twice = rotary + sweep.replace("VALUES", "25%, 0.25").replace("WHEN", "");
    assertThat(Experiment.with(twice).read().toText()).contains("E121", "the value 0.25 twice");
  }
}
