package dev.emergence.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.spec.Condition;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.SweepSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepsTest {
  private static SweepSpec sweep(String text) {
    return Experiment.spec(Experiment.with("sweeps:\n  s: " + text + "\n").read())
        .sweeps()
        .get("s");
  }

  private static List<String> conditions(SweepSpec sweep) {
    return sweep.conditions().stream().map(c -> c.variant() + c.values().values()).toList();
  }

  @Test
  void the_last_axis_is_fastest() {
    assertThat(conditions(sweep("{grid: {task.dim: [1, 2], training.batch_size: [3, 4, 5]}}")))
        .containsExactly("[1, 3]", "[1, 4]", "[1, 5]", "[2, 3]", "[2, 4]", "[2, 5]");
  }

  @Test
  void the_product_is_in_file_order_whatever_is_multiplied() {
    String zip = "zip: [{task.dim: [1, 2], task.sequence_length: [8, 9]}]";
    String variants = "variants: {a: {}, b: {training: {max_steps: 5}}}";
    assertThat(conditions(sweep("{" + zip + ", " + variants + "}")))
        .containsExactly("a[1, 8]", "b[1, 8]", "a[2, 9]", "b[2, 9]");
    assertThat(conditions(sweep("{" + variants + ", " + zip + "}")))
        .containsExactly("a[1, 8]", "a[2, 9]", "b[1, 8]", "b[2, 9]");
  }

  @Test
  void values_have_the_type_of_their_key() {
    Condition c =
        sweep(
                "{grid: {task.dim: [5e1], training.optimizer.learning_rate: [1],"
                    + " architecture.attention: [full], task.unit_columns: [true]}}")
            .conditions()
            .get(0);
    assertThat(c.values().values()).containsExactly(50L, 1.0, "full", true);
    assertThat(c.config().training().optimizer())
        .isEqualTo(new OptimizerSpec.Adam(1, 0.9, 0.999, 1e-8));
  }

  @Test
  void a_number_that_may_be_absent_is_an_axis_too() {
    SweepSpec tokens =
        sweep(
            "{grid: {training.tokens_per_step: {from: 512, to: 2048, num: 3, spacing: log}}, when:"
                + " \"tokens_per_step < 2000\"}");
    assertThat(conditions(tokens)).containsExactly("[512]", "[1024]");
    assertThat(tokens.conditions().get(0).values().values()).containsExactly(512L);
    int length = tokens.conditions().get(0).config().task().predicts().length();
    assertThat(tokens.conditions())
        .extracting(c -> c.config().training().batchSize())
        .containsExactly(512 / length, 1024 / length);
    assertThat(conditions(sweep("{grid: {repetition.dataset: [64, 4096, endless]}}")))
        .containsExactly("[64]", "[4096]", "[endless]");
    assertThat(
            sweep("{grid: {repetition.dataset: [64, endless]}}").conditions().stream()
                .map(c -> c.config().repetition().dataset()))
        .containsExactly(Optional.of(64), Optional.empty());
  }

  /** A variant that chooses another kind must not take what an axis sets of it. */
  @Test
  void axes_stand_above_variants_wherever_they_are_written() {
    String variants = "variants: {adamw: {}, sgd: {training.optimizer: {kind: sgd}}}";
    String grid = "grid: {training.optimizer.learning_rate: [0.1, 0.2]}";
    for (String both : List.of(variants + ", " + grid, grid + ", " + variants)) {
      assertThat(
              sweep("{" + both + "}").conditions().stream()
                  .map(c -> c.variant() + " " + c.config().training().optimizer().learningRate()))
          .as(both)
          .containsExactlyInAnyOrder("adamw 0.1", "adamw 0.2", "sgd 0.1", "sgd 0.2");
    }
  }

  /** Each optimiser has rates of its own; the best of each are compared. */
  @Test
  void a_ratio_compares_what_select_chose_of_values_that_are_not_shared() {
    String file =
        "measurement: {thresholds: {t: {metric: test.loss, below: 0.1}}}\n"
            + "sweeps: {s: {variants: {a: {}, b: {training.optimizer: {kind: sgd}}}, grid: {lr: [0.1,"
            + " 0.2]}, when: \"variant == a and lr < 0.15 or variant == b and lr > 0.15\"SELECT}}\n"
            + "claims: {c: {data: s, of: t.steps, baseline: {variant: a}, at_least: 1}}\n";
    String select = ", select: {over: lr, by: {mean: t.steps, goal: minimize}}";
    assertThat(Experiment.with(file.replace("SELECT", select)).read().toText()).isEmpty();
    assertThat(Experiment.with(file.replace("SELECT", "")).read().toText())
        .contains("no condition differs from the baseline in variant alone");
  }

  @Test
  void set_comes_before_variants_and_variants_before_axes() {
    Reading reading =
        Experiment.with(
                "sweeps:\n  s: {set: {training.batch_size: 1, training.max_steps: 2, task.dim: 3},"
                    + " variants: {v: {training: {max_steps: 20}, task: {dim: 30}}}, grid:"
                    + " {task.dim: [300]}}\n")
            .read();
    assertThat(reading.toText()).contains("warning W203: sweep s sweeps task.dim, so set sets it");
    SweepSpec s = reading.spec().orElseThrow().sweeps().get("s");
    assertThat(s.conditions())
        .singleElement()
        .satisfies(
            c -> {
              assertThat(c.config().training().batchSize()).isEqualTo(1);
              assertThat(c.config().training().maxSteps()).isEqualTo(20);
              assertThat(c.config().task().toString()).contains("dim=300");
            });
  }

  @Test
  void a_setting_by_path_changes_one_number_of_a_threshold() {
    Reading reading =
        Experiment.with(
                "measurement: {thresholds: {t: {metric: test.loss, below: 0.1, hold: 3}}}\n"
                    + "sweeps: {s: {set: {measurement.thresholds.t.below: 0.4}}}\n")
            .read();
    var threshold =
        Experiment.spec(reading)
            .sweeps()
            .get("s")
            .conditions()
            .get(0)
            .config()
            .measurement()
            .thresholds()
            .get("t");
    assertThat(threshold.below()).contains(0.4);
    assertThat(threshold.hold()).isEqualTo(3);
  }

  @Test
  void when_keeps_and_exclude_drops() {
    assertThat(
            conditions(
                sweep(
                    "{grid: {task.dim: [1, 2, 4], repetition.in_context: [1, 2]}, when: \"d <= 2 or"
                        + " B == 2\", exclude: \"d == 2 and B == 2\"}")))
        .containsExactly("[1, 1]", "[1, 2]", "[2, 1]", "[4, 2]");
  }

  @Test
  void conditions_that_are_excluded_may_be_impossible() {
    assertThat(
            conditions(
                sweep(
                    "{grid: {task.sequence_length: [2, 8], repetition.in_context: [1, 4]}, when:"
                        + " \"B <= T\"}")))
        .containsExactly("[2, 1]", "[8, 1]", "[8, 4]");
  }

  @Test
  void a_condition_may_ask_for_a_default_or_a_switch() {
    assertThat(
            conditions(
                sweep(
                    "{grid: {task.dim: [1, 2]}, when: \"batch_size == 32 and relevant_feature and d"
                        + " < 2\"}")))
        .containsExactly("[1]");
  }

  @Test
  void a_file_may_leave_out_what_every_sweep_gives() {
    Reading reading =
        Experiment.of(
                "task: {kind: linear_regression, sequence_length: 8}\n"
                    + "sweeps: {s: {grid: {task.dim: [2, 3]}}}\n")
            .read();
    assertThat(Experiment.spec(reading).base().task().toString()).contains("dim=2");
  }

  @Test
  void a_value_that_every_sweep_replaces_must_be_right_all_the_same() {
    Reading reading =
        Experiment.of(
                "task: {kind: linear_regression, dim: 0, sequence_length: 8}\n"
                    + "sweeps: {s: {grid: {task.dim: [2, 3]}}}\n")
            .read();
    assertThat(reading.diagnostics())
        .singleElement()
        .satisfies(d -> assertThat(d.line()).isEqualTo(3));
  }

  @Test
  void a_contradiction_of_some_conditions_is_reported_once_with_their_number() {
    Reading reading =
        Experiment.with(
                "repetition: {in_context: 20}\n"
                    + "sweeps: {s: {grid: {task.sequence_length: [8, 16, 32], task.dim: [1,"
                    + " 2]}}}\n")
            .read();
    assertThat(reading.diagnostics())
        .singleElement()
        .satisfies(
            d -> {
              assertThat(d.message())
                  .isEqualTo(
                      "repetition.in_context must be an integer from 1 to 8, got 20 (in 4 of 6"
                          + " conditions)");
              assertThat(d.line()).isEqualTo(4);
              assertThat(d.hints())
                  .containsExactly("8 is task.sequence_length, set in experiment.yaml:5:44");
            });
  }

  @Test
  void select_is_kept_for_those_who_fit_and_plot() {
    Reading reading =
        Experiment.with(
                "measurement: {thresholds: {t: {metric: test.loss, below: 0.1}}}\n"
                    + "sweeps: {s: {grid: {lr: [1]}}}\n"
                        .replace("lr", "training.optimizer.learning_rate")
                        .replace(
                            "}}}",
                            "}, select: {over: training.optimizer.learning_rate, by: {mean:"
                                + " t.steps}}}}"))
            .read();
    assertThat(Experiment.spec(reading).sweeps().get("s").select().orElseThrow().by().goal())
        .isEqualTo(SweepSpec.Goal.MINIMIZE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "task.dim | {from: 16, to: 128, num: 4, spacing: log} | [16, 32, 64, 128]",
        "task.dim | {from: 128, to: 16, num: 4, spacing: log} | [128, 64, 32, 16]",
        "task.dim | {from: 10, to: 40, num: 4} | [10, 20, 30, 40]",
        "task.dim | {from: 10, to: 40, step: 10} | [10, 20, 30, 40]",
        "task.dim | {from: 4, to: 1, step: -1} | [4, 3, 2, 1]",
        "task.dim | 7 | [7]",
        "training.optimizer.learning_rate | {from: 1e-4, to: 1e-2, num: 3, spacing: log} | [1.0E-4,"
            + " 0.001, 0.01]",
        "training.optimizer.learning_rate | {from: 0, to: 0.3, step: 0.1} | [0.0, 0.1, 0.2, 0.3]",
        "repetition.cross_sample | {from: 0, to: 1, num: 5} | [0.0, 0.25, 0.5, 0.75, 1.0]",
      })
  void ranges_hit_their_values_exactly(String path, String range, String values) {
    assertThat(sweep("{grid: {" + path + ": " + range + "}}").axes().get(path).toString())
        .isEqualTo(values);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{from: 16, to: 101, num: 4} | num: 6 gives 16 33 50 67 84 101",
        "{from: 2, to: 54, num: 3, spacing: log} | num: 4 gives 2 6 18 54",
        "{from: 1, to: 1000000, num: 3, spacing: log} | E110",
        "{from: 16, to: 17, num: 4, spacing: log} | num: 2 gives 16 17",
        "{from: 1, to: 10, num: 4, step: 3} | needs either num or step",
        "{from: 1, to: 10, step: 3, spacing: log} | spacing goes with num",
        "{from: 10, to: 1, step: 3} | never gets from 10 to 1",
        "{from: 5, to: 5, num: 3} | begins and ends with 5",
        "{from: 1, to: 3, num: 1} | from 2 to 1000000000",
        "[1, 2, 1.0] | has the value 1.0 twice",
        "{form: 1, to: 2, num: 2} | did you mean 'from'?",
      })
  void ranges_that_miss_say_what_would_hit(String range, String message) {
    assertThat(Experiment.with("sweeps: {s: {grid: {task.dim: " + range + "}}}\n").read().toText())
        .contains(message);
  }

  @Test
  void a_variant_may_name_a_key_by_its_path() {
    SweepSpec s =
        sweep(
            "{variants: {base: {}, few: {training.max_steps: 5}, sgd: {training.optimizer: {kind:"
                + " sgd, learning_rate: 0.5}}, kind: {training.optimizer.kind: sgd}, wide:"
                + " {task: {dim: 8}, task.sequence_length: 4}}}");
    List<RunConfig> configs = s.conditions().stream().map(Condition::config).toList();
    assertThat(configs.get(1).training().maxSteps()).isEqualTo(5);
    assertThat(configs.get(2).training().optimizer()).isInstanceOf(OptimizerSpec.Sgd.class);
    assertThat(configs.get(3).training().optimizer()).isInstanceOf(OptimizerSpec.Sgd.class);
    assertThat(configs.get(4).task().predicts().length()).isEqualTo(4);
    assertThat(configs.get(4).task().predicts().outputs()).isEqualTo(8);
    assertThat(configs.get(0)).isNotIn(configs.subList(1, 5));
  }

  @Test
  void a_dotted_key_of_a_variant_can_be_set_on_the_command_line() {
    String parts = "{training: {max_steps: 40}, training.batch_size: 16}";
    for (String part : new String[] {parts, "{training: {max_steps: 40, batch_size: 16}}"}) {
      Reading reading =
          Experiment.with("sweeps: {s: {variants: {a: " + part + "}}}\n")
              .set("sweeps.s.variants.a.training.batch_size=8")
              .read();
      Condition a = Experiment.spec(reading).sweeps().get("s").conditions().get(0);
      assertThat(a.config().training().batchSize()).as(part).isEqualTo(8);
      assertThat(a.config().training().maxSteps()).isEqualTo(40);
    }
  }

  @Test
  void a_path_in_a_variant_changes_one_number_of_a_threshold() {
    SweepSpec s =
        Experiment.spec(
                Experiment.with(
                        "measurement: {thresholds: {p: {metric: test.loss, below: 0.1}}}\n"
                            + "sweeps: {s: {variants: {low: {measurement.thresholds.p.below:"
                            + " 0.01}}}}\n")
                    .read())
            .sweeps()
            .get("s");
    assertThat(s.conditions().get(0).config().measurement().thresholds().get("p").below())
        .contains(0.01);
  }
}
