package dev.emergence.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Fabricated;
import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Run;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatexTest {
  private static final String SWEEP =
      """
      sweeps: {s: {grid: {task.dim: [16, 64], training.optimizer.learning_rate: [1.0e-4, 3.0e-4]}}}
      fits: {law_1: {data: s, formula: "T_plateau = C * d^alpha", published: {C: 2, alpha: 1.29}}}
      """;

  private static Analysis analysis() {
    Plan plan = Fabricated.plan(SWEEP);
    return Analysis.of(
        plan,
        Fabricated.runs(
            plan, (c, s) -> Fabricated.d(c) == 64 && s == 2 ? 1e9 : 10 * Fabricated.d(c) + 10 * s));
  }

  @Test
  void times_stand_in_a_table_of_booktabs_with_numbers_as_formulas() {
    assertThat(Latex.emergence(analysis()))
        .isEqualTo(
            """
            % Emergence: sweep s; needs \\usepackage{booktabs}
            \\begin{tabular}{llrr}
            \\toprule
            $d$ & lr & plateau (steps) & reached \\\\
            \\midrule
            16 & $10^{-4}$ & $170 \\pm 10$ & 3/3 \\\\
            16 & $3\\cdot 10^{-4}$ & $170 \\pm 10$ & 3/3 \\\\
            64 & $10^{-4}$ & $650$ (median) & 2/3 \\\\
            64 & $3\\cdot 10^{-4}$ & $650$ (median) & 2/3 \\\\
            \\bottomrule
            \\end{tabular}
            """);
  }

  @Test
  void seeds_that_diverged_or_are_missing_are_told_as_on_the_page() {
    Plan plan = Fabricated.plan("sweeps: {s: {grid: {task.dim: [16, 64]}}}\n");
    Map<String, StoredRun> runs =
        new LinkedHashMap<>(Fabricated.runs(plan, (c, s) -> 150 + 10 * s));
    for (Assignment a : plan.assignments()) {
      Run run = plan.byId().get(a.run()).run();
      if (Fabricated.d(run.config()) == 64 && a.seed() == 1) {
        runs.put(a.run(), Fabricated.stored(run, 1e9, Outcome.State.DIVERGED));
      } else if (Fabricated.d(run.config()) == 64 && a.seed() == 2) {
        runs.remove(a.run());
      }
    }
    assertThat(Latex.emergence(Analysis.of(plan, runs)))
        .contains("16 & $160 \\pm 10$ & 3/3 \\\\", " & 1/3 (1 diverged, 1 missing) \\\\");
  }

  @Test
  void laws_have_symbols_intervals_and_published_numbers() {
    String laws = Latex.laws(analysis());
    assertThat(laws)
        .contains("law & parameter & estimate & 95\\% interval & published")
        .contains("law\\_1 & $C$ & ")
        .contains("$\\alpha$ & ")
        .contains(" & 1.29 \\\\")
        .contains("$R^2$");
  }

  @Test
  void intervals_of_several_levels_each_say_their_own() {
    Plan plan =
        Fabricated.plan(
            """
            sweeps: {s: {grid: {task.dim: [16, 64]}}}
            fits:
              usual: {data: s, formula: "T_plateau = C * d^alpha"}
              narrow: {data: s, formula: "T_plateau = C * d^alpha", interval: {level: 90%}}
            """);
    String laws =
        Latex.laws(
            Analysis.of(
                plan, Fabricated.runs(plan, (c, s) -> 10 * Fabricated.d(c) + (s + 1) * (s + 2))));
    assertThat(laws).contains("law & parameter & estimate & interval \\\\");
    assertThat(laws.lines().filter(line -> line.contains("$\\alpha$")))
        .satisfiesExactly(
            line -> assertThat(line).endsWith(" (95\\%) \\\\"),
            line -> assertThat(line).endsWith(" (90\\%) \\\\"));
  }

  @ParameterizedTest
  @CsvSource({
    "3.2e-5, '$3.2\\cdot 10^{-5}$'",
    "1.105e-5, '$1.105\\cdot 10^{-5}$'",
    "-4.1e-7, '$-4.1\\cdot 10^{-7}$'",
    "1.01e9, '$1.01\\cdot 10^{9}$'",
    "1e-5, $10^{-5}$",
    "105, 105",
    "NaN, --"
  })
  void numbers_of_any_digits_are_formulas(double value, String formula) {
    assertThat(Latex.number(value)).isEqualTo(formula);
  }

  @Test
  void what_has_no_value_is_the_same_dash_everywhere() {
    Plan plan = Fabricated.plan(SWEEP);
    Analysis equal = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 100));
    assertThat(Latex.laws(equal)).contains("$R^2$ & -- & ").doesNotContain("–");
  }

  @Test
  void whole_settings_keep_all_their_digits() {
    Plan plan =
        Fabricated.plan(
            "sweeps: {s: {grid: {training.batch_size: [12288, 1048576], task.dim: [16]}}}\n");
    assertThat(Latex.emergence(Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 100))))
        .contains("12288 & 16 & ")
        .contains("$1.048576\\cdot 10^{6}$ & 16 & ");
  }

  @Test
  void times_of_flows_are_not_called_steps() {
    Plan plan =
        Fabricated.plan(
            """
            sweeps:
              s:
                set: {task.relevant_position: last, task.relevant_feature: false, measurement.attention: null}
                variants:
                  trained: {}
                  flow: {architecture: {kind: toy}, training: {optimizer: {kind: gradient_flow}}}
            """);
    assertThat(Latex.emergence(Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 100))))
        .contains("plateau (steps or time)");
  }

  @Test
  void nothing_in_a_name_is_a_command() {
    assertThat(Latex.escape("a_b & 50% #1 {x} \\y $z ~ ^ <"))
        .isEqualTo(
            "a\\_b \\& 50\\% \\#1 \\{x\\} \\textbackslash{}y \\$z \\textasciitilde{}"
                + " \\textasciicircum{} $<$");
  }
}
