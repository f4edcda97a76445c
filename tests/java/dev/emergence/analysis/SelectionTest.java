package dev.emergence.analysis;

import static dev.emergence.analysis.Verdict.FAILS;
import static dev.emergence.analysis.Verdict.UNDECIDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Edited;
import dev.emergence.fit.FitResult;
import dev.emergence.plan.Plan;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.RunConfig;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTest {
  private static final String SWEEP =
      """
      sweeps:
        tuned:
          grid:
            task.dim: [16, 32]
            training.optimizer.learning_rate: [1.0e-4, 3.0e-4]
          select: {over: training.optimizer.learning_rate, by: {mean: plateau.steps, goal: GOAL}}
      """;

  /** A law and claims none of which holds. */
  private static final String JUDGED =
      """
      fits: {law: {data: tuned, formula: "T_plateau = C * d^alpha", expect: {alpha: {at_least: 9}}}}
      claims:
        ratio: {data: tuned, of: plateau.steps, baseline: {d: 16}, where: {d: 32}, at_least: 9}
        small: {kind: seed_range, data: tuned, where: {d: 16}, of: plateau.steps, at_least: 9}
        large: {kind: seed_range, data: tuned, where: {d: 32}, of: plateau.steps, at_least: 9}
        large_by_rate: {kind: seed_range, data: tuned, where: {d: 32, lr: 1.0e-4}, of: plateau.steps, at_least: 9}
      """;

  @Test
  void the_shortest_mean_over_seeds_wins_in_each_group() {
    // At d = 16 one seed of 3e-4 is fastest of all, but its mean is not.
    Analysis analysis =
        analyse(
            "minimize",
            (c, s) ->
                d(c) == 16 ? lr(c) < 2e-4 ? 1000 : s == 0 ? 100 : 2000 : lr(c) < 2e-4 ? 900 : 500);
    assertThat(rates(analysis)).containsExactly(1e-4, 3e-4);
    assertThat(analysis.notes())
        .containsExactly(
            "sweep tuned: training.optimizer.learning_rate is 10⁻⁴ (dim = 16), 3·10⁻⁴ (dim = 32)"
                + " by the mean of plateau.steps over seeds");
  }

  @Test
  void groups_in_which_no_run_has_a_value_are_said_to_have_no_choice() {
    Analysis analysis =
        analyse("minimize", (c, s) -> d(c) == 16 ? Double.POSITIVE_INFINITY : s == 0 ? 400 : 500);
    assertThat(rates(analysis)).hasSize(2);
    assertThat(analysis.notes())
        .contains(
            "sweep tuned: in 1 of these groups no run has a value of plateau.steps, so nothing is"
                + " chosen there and the first condition in the file stands for them")
        .noneMatch(note -> note.contains("even the chosen condition"));
  }

  @Test
  void a_choice_at_the_end_of_an_axis_is_said() {
    Plan plan =
        Fabricated.plan(
            "sweeps: {tuned: {grid: {d: [16], lr: [1.0e-4, 3.0e-4, 1.0e-3]}, select: {over: lr, by:"
                + " {mean: plateau.steps}}}}\n");
    Analysis end = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 0.1 / lr(c)));
    assertThat(end.notes())
        .contains(
            "sweep tuned: in 1 of these groups the choice is an end of the axis (10⁻⁴ or 0.001),"
                + " so a better value may lie beyond it");
    Analysis inside =
        Analysis.of(
            plan, Fabricated.runs(plan, (c, s) -> lr(c) > 2e-4 && lr(c) < 4e-4 ? 100 : 900));
    assertThat(inside.notes()).hasSize(1);
  }

  /** Each variant has rates of its own, whose ends are not those of all. */
  @Test
  void an_end_is_one_of_the_values_that_a_group_has() {
    Plan plan =
        Fabricated.plan(
            "sweeps: {tuned: {variants: {a: {}, b: {training.batch_size: 8}}, grid: {lr: [1.0e-4,"
                + " 2.0e-4, 4.0e-4, 8.0e-4]}, when: \"variant == a and lr < 5e-4 or variant == b and"
                + " lr > 1.5e-4\", select: {over: lr, by: {mean: plateau.steps}}}}\n");
    Analysis analysis =
        Analysis.of(plan, Fabricated.runs(plan, (c, s) -> lr(c) > 3e-4 ? 100 : 900));
    assertThat(analysis.notes())
        .contains(
            "sweep tuned: training.optimizer.learning_rate is 4·10⁻⁴ in both groups by the"
                + " mean of plateau.steps over seeds",
            "sweep tuned: in 1 of these groups the choice is an end of the axis (10⁻⁴ or 4·10⁻⁴),"
                + " so a better value may lie beyond it");
  }

  @Test
  void of_many_groups_their_number_is_said() {
    Plan plan =
        Fabricated.plan(
            "sweeps: {tuned: {grid: {d: [1, 2, 3, 4, 5, 6, 7], lr: [1.0e-4, 2.0e-4]}, select: {over:"
                + " lr, by: {mean: plateau.steps}}}}\n");
    assertThat(Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 100)).notes())
        .contains(
            "sweep tuned: training.optimizer.learning_rate is 10⁻⁴ in all 7 groups by the mean of"
                + " plateau.steps over seeds");
    Analysis several =
        Analysis.of(plan, Fabricated.runs(plan, (c, s) -> d(c) < 3 == lr(c) < 1.5e-4 ? 100 : 900));
    assertThat(several.notes())
        .contains(
            "sweep tuned: of 7 groups, training.optimizer.learning_rate is 10⁻⁴ in 2, 2·10⁻⁴ in 5 by"
                + " the mean of plateau.steps over seeds");
  }

  @Test
  void maximize_turns_the_choice_around() {
    assertThat(rates(analyse("maximize", (c, s) -> lr(c) < 2e-4 ? 1000 : 500)))
        .containsExactly(1e-4, 1e-4);
  }

  @Test
  void a_condition_with_an_unreached_seed_never_wins_by_its_lucky_ones() {
    Analysis analysis = analyse("minimize", (c, s) -> lr(c) < 2e-4 ? 3000 : s == 2 ? 1e9 : 500);
    assertThat(rates(analysis)).containsExactly(1e-4, 1e-4);
    assertThat(analysis.notes()).hasSize(1);
  }

  @Test
  void a_winner_with_unreached_seeds_is_said() {
    Analysis analysis =
        analyse("minimize", (c, s) -> lr(c) < 2e-4 ? 1e9 : s == 2 && d(c) == 16 ? 1e9 : 500);
    assertThat(rates(analysis)).containsExactly(3e-4, 3e-4);
    assertThat(analysis.notes())
        .last()
        .asString()
        .isEqualTo(
            "sweep tuned: in 1 of these groups even the chosen condition has seeds without a value"
                + " of plateau.steps");
  }

  @Test
  void equal_means_go_to_the_earlier_condition_and_nothing_known_to_the_first() {
    assertThat(rates(analyse("minimize", (c, s) -> 700))).containsExactly(1e-4, 1e-4);
    assertThat(rates(analyse("minimize", (c, s) -> 1e9))).containsExactly(1e-4, 1e-4);
  }

  @Test
  void several_values_that_are_equally_good_are_said() {
    assertThat(analyse("minimize", (c, s) -> d(c) == 16 ? 700 : lr(c) < 2e-4 ? 900 : 500).notes())
        .contains(
            "sweep tuned: in 1 of these groups several values are equally good (10⁻⁴ and 3·10⁻⁴),"
                + " and the first of them in the file is taken");
    assertThat(analyse("minimize", (c, s) -> 1e9).notes())
        .noneMatch(note -> note.contains("equally good"));
  }

  @Test
  void values_that_are_equally_good_but_worse_than_the_best_are_not_said() {
    String three =
        "sweeps: {tuned: {grid: {d: [16], lr: [1.0e-4, 3.0e-4, 1.0e-3]}, select: {over: lr, by:"
            + " {mean: plateau.steps}}}}\n";
    Plan plan = Fabricated.plan(three);
    Analysis analysis =
        Analysis.of(plan, Fabricated.runs(plan, (c, s) -> lr(c) < 5e-4 ? 700 : 300));
    assertThat(analysis.notes()).noneMatch(note -> note.contains("equally good"));
  }

  /** At d = 16 the other learning rate is missing, which may be the better one. */
  @Test
  void what_rests_on_a_choice_is_judged_only_when_all_that_it_is_made_from_is_there() {
    Plan plan = Fabricated.plan(Edited.text(SWEEP, "GOAL", "minimize") + JUDGED);
    Map<String, StoredRun> runs =
        Fabricated.runs(plan, (c, s) -> 10 * d(c) * (lr(c) < 2e-4 ? 1 : 2));
    Analysis whole = Analysis.of(plan, runs);
    assertThat(whole.fits().get("law").isJudged()).isTrue();
    assertThat(whole.claims().values()).extracting(ClaimReport::verdict).containsOnly(FAILS);
    assertThat(whole.notes()).noneMatch(note -> note.contains("missing"));

    runs.values().removeIf(run -> d(run.run().config()) == 16 && lr(run.run().config()) > 2e-4);
    Analysis part = Analysis.of(plan, runs);
    assertThat(rates(part)).containsExactly(1e-4, 1e-4);
    assertThat(part.fits().get("law").count(State.MISSING)).isEqualTo(3);
    assertThat(part.fits().get("law").holds()).isTrue();
    assertThat(part.notes())
        .last()
        .asString()
        .isEqualTo(
            "sweep tuned: in 1 of these groups runs are missing, so another value may turn out to"
                + " be the best");
    Map<String, ClaimReport> claims = part.claims();
    assertThat(claims.get("ratio").verdict()).isEqualTo(UNDECIDED);
    assertThat(claims.get("ratio").missing()).isEqualTo(3);
    assertThat(claims.get("ratio").reason())
        .endsWith("; 3 runs are missing among which select chooses");
    assertThat(claims.get("small").verdict()).isEqualTo(UNDECIDED);
    // All that these are about is there.
    assertThat(claims.get("large").verdict()).isEqualTo(FAILS);
    assertThat(claims.get("large_by_rate").verdict()).isEqualTo(FAILS);
  }

  /** A learning rate and its eps are one choice; batch size and length are none. */
  @Test
  void axes_of_one_zip_are_chosen_together() {
    String zip =
        """
        sweeps:
          tuned:
            grid: {d: [16, 32]}
            zip:
              - {lr: [1.0e-4, 3.0e-4], training.optimizer.eps: [1.0e-8, 1.0e-7]}
              - {training.batch_size: [8, 16], T: [64, 128]}
            select: {over: lr, by: {mean: plateau.steps}}
        claims: {faster: {data: tuned, of: plateau.steps, baseline: {d: 32}, ratio: each, at_least: 1.9}}
        """;
    Plan plan = Fabricated.plan(zip);
    Analysis analysis =
        Analysis.of(
            plan,
            Fabricated.runs(
                plan,
                (c, s) ->
                    d(c) == 16
                        ? lr(c) < 2e-4 ? 200 : 300
                        : Fabricated.number(c, "training.optimizer.eps") > 5e-8 ? 400 : 900));
    List<Cell> kept = analysis.cells(List.of("tuned"), Map.of());
    assertThat(kept).hasSize(4);
    assertThat(kept)
        .extracting(
            cell ->
                Fabricated.number(cell.condition().config(), "task.dim")
                    + " "
                    + lr(cell.condition().config())
                    + " "
                    + Fabricated.number(cell.condition().config(), "training.optimizer.eps"))
        .containsExactlyInAnyOrder(
            "16.0 1.0E-4 1.0E-8", "16.0 1.0E-4 1.0E-8", "32.0 3.0E-4 1.0E-7", "32.0 3.0E-4 1.0E-7");
    // What is chosen is tuned, not compared: partners may differ in all of it.
    assertThat(analysis.claims().get("faster").ratios()).hasSize(2);
    assertThat(analysis.claims().get("faster").verdict()).isEqualTo(Verdict.HOLDS);
  }

  @Test
  void tables_keep_what_the_choice_leaves_out() {
    assertThat(analyse("minimize", (c, s) -> 700).cells("tuned")).hasSize(4);
  }

  /** The file's checks cannot know what will be chosen. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "kind: ratio, of: plateau.steps, baseline: {d: 16}, at_least: 1",
        "kind: exponential, threshold: plateau, expect: exponential",
        "kind: spread, of: plateau.steps, baseline: other, at_least: 1",
        "kind: seed_range, of: plateau.steps, at_most: 3",
        "kind: seed_range, of: plateau.steps, range: best, at_most: 3",
        "kind: within_run, of: plateau.steps, baseline: test.loss, at_most: 3",
        "kind: abrupt, metric: test.loss, at_least: 0.5"
      })
  void a_claim_of_conditions_that_were_not_chosen_is_undecided_and_says_so(String claim) {
    boolean one = claim.contains("exponential") || claim.contains("spread");
    String file =
        Edited.text(SWEEP, "GOAL", "minimize")
            + "  other: {grid: {task.dim: [16], training.optimizer.learning_rate: [3.0e-4]}}\n"
            + "claims: {c: {data: tuned, where: {lr: 3.0e-4"
            + (one ? ", d: 16" : "")
            + "}, "
            + claim
            + "}}\nfits: {f: {data: tuned, where: {lr: 3.0e-4}, formula: \"T_plateau = C * d^a\"}}\n";
    Plan plan = Fabricated.plan(file);
    Analysis analysis =
        Analysis.of(plan, Fabricated.runs(plan, (c, s) -> lr(c) < 2e-4 ? 300 : 900));
    ClaimReport report = analysis.claims().get("c");
    assertThat(report.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(report.reason())
        .isEqualTo("select of tuned has left out every condition that where keeps");
    assertThat(report.holds()).isFalse();
    assertThat(analysis.fits().get("f").result())
        .isInstanceOfSatisfying(
            FitResult.Refused.class,
            law -> assertThat(law.reason()).endsWith("is left by where and select"));
    ClaimReport nothing = Analysis.of(plan, Map.of()).claims().get("c");
    assertThat(nothing.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(nothing.holds()).as("runs are missing").isTrue();
  }

  @Test
  void a_claim_about_the_seeds_of_one_group_is_about_the_chosen_condition() {
    Plan plan =
        Fabricated.plan(
            Edited.text(SWEEP, "GOAL", "minimize")
                + "claims: {c: {kind: exponential, data: tuned, where: {d: 16}, threshold: plateau,"
                + " expect: exponential}}\n");
    Analysis analysis =
        Analysis.of(plan, Fabricated.runs(plan, (c, s) -> lr(c) < 2e-4 ? 300 : 900));
    assertThat(analysis.claims().get("c").reason())
        .as("of three seeds the first one's time is where waiting begins")
        .isEqualTo("a test of waiting times needs 5 that emerged after the first, got 2");
  }

  @Test
  void the_largest_mean_wins_where_that_is_asked_for() {
    Analysis analysis =
        analyse("maximize", (c, s) -> (d(c) == 16) == (lr(c) < 2e-4) ? 700 : 400 + 100 * s);
    assertThat(rates(analysis)).containsExactly(1e-4, 3e-4);
  }

  private static Analysis analyse(String goal, ToDoubleBiFunction<RunConfig, Integer> time) {
    Plan plan = Fabricated.plan(Edited.text(SWEEP, "GOAL", goal));
    return Analysis.of(plan, Fabricated.runs(plan, time));
  }

  private static List<Double> rates(Analysis analysis) {
    return analysis.cells(List.of("tuned"), Map.of()).stream()
        .map(c -> lr(c.condition().config()))
        .toList();
  }

  private static double lr(RunConfig config) {
    return Fabricated.number(config, "training.optimizer.learning_rate");
  }

  private static double d(RunConfig config) {
    return Fabricated.d(config);
  }
}
