package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.emergence.Edited;
import dev.emergence.analysis.TableFit.Columns;
import dev.emergence.fit.FitResult;
import dev.emergence.plan.Plan;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.Defaults;
import dev.emergence.spec.FitSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableFitTest {
  private static final String SWEEPS =
"""
sweeps:
  vary_T: {grid: {task.dim: [16, 32, 64], task.sequence_length: [64, 128, 256]}}
  vary_B: {grid: {task.dim: [16, 32, 64], task.sequence_length: [256], repetition.in_context: [1, 4]}}
fits:
  law: {data: [vary_T, vary_B], formula: "T_plateau = C * d^alpha * (T/B)^beta", method: METHOD}
""";

  private static final Columns NONE =
      new Columns(Optional.empty(), Optional.empty(), Optional.empty());
  private static final Columns USUAL =
      new Columns(Optional.of("seed"), Optional.of("lower"), Optional.of("last"));

  private static FitSpec spec(String formula, Map<String, Object> more) {
    Map<String, Object> set = new HashMap<>(Map.of("data", List.of(), "formula", formula));
    set.putAll(more);
    return Defaults.with(FitSpec.class, set);
  }

  private static FitReport fit(String table, String formula, Map<String, Object> more) {
    return TableFit.of(TimesTable.of("own.csv", table), spec(formula, more), USUAL);
  }

  private static double value(FitReport report, String parameter) {
    return ((FitResult.Fitted) report.result()).parameter(parameter).value();
  }

  /** Runs that two sweeps share, one that diverged and one that is unreached among them. */
  @ParameterizedTest
  @ValueSource(strings = {"log_least_squares", "interval"})
  void the_table_of_a_results_folder_gives_the_numbers_of_its_fit(String method)
      throws IOException {
    Plan plan = Fabricated.plan(Edited.text(SWEEPS, "METHOD", method));
    Map<String, StoredRun> runs =
        new HashMap<>(Fabricated.runs(plan, (c, s) -> LawFitterTest.time(c) * (1 + 0.1 * s)));
    var one = plan.runs().get(0).run();
    runs.put(one.id(), Fabricated.stored(one, 1e9, Outcome.State.DIVERGED));
    var other = plan.runs().get(4).run();
    runs.put(
        other.id(), Fabricated.stored(other, Double.POSITIVE_INFINITY, Outcome.State.COMPLETE));
    Analysis analysis = Analysis.of(plan, runs);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    RunTable.content(analysis).to(written);
    TimesTable table = TimesTable.of("runs.csv", written.toString(StandardCharsets.UTF_8));
    FitSpec spec =
        spec(
            "T_plateau = C * dim^alpha * (sequence_length/in_context)^beta",
            Map.of("method", analysis.experiment().fits().get("law").method()));
    FitReport ours = analysis.fits().get("law");
    FitReport read =
        TableFit.of(
            table, spec, new Columns(Optional.of("seed"), Optional.empty(), Optional.empty()));
    assertThat(((FitResult.Fitted) read.result()).parameters())
        .isEqualTo(((FitResult.Fitted) ours.result()).parameters());
    assertThat(read.counts()).isEqualTo(ours.counts());
    assertThat(read.result().points()).isEqualTo(ours.result().points());
  }

  /** T and B vary beside d: the formula alone does not tell the conditions apart. */
  @ParameterizedTest
  @ValueSource(strings = {"mean", "median"})
  void points_of_a_results_folder_are_those_of_its_conditions_over_seeds(String points)
      throws IOException {
    Plan plan =
        Fabricated.plan(
            SWEEPS.replace(" * (T/B)^beta", "").replace("method: METHOD", "points: " + points));
    Map<String, StoredRun> runs =
        Fabricated.runs(plan, (c, s) -> LawFitterTest.time(c) * (1 + 0.1 * s * s));
    Analysis analysis = Analysis.of(plan, runs);
    FitReport ours = analysis.fits().get("law");
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    RunTable.content(analysis).to(written);
    FitReport read =
        TableFit.of(
            TimesTable.of("runs.csv", written.toString(StandardCharsets.UTF_8)),
            spec("T_plateau = C * dim^alpha", Map.of("points", ours.spec().points())),
            new Columns(Optional.of("seed"), Optional.empty(), Optional.empty()));
    assertThat(read.result().points()).isEqualTo(ours.result().points()).isEqualTo(12);
    assertThat(value(read, "alpha")).isCloseTo(value(ours, "alpha"), within(1e-12));
    assertThat(value(read, "C")).isCloseTo(value(ours, "C"), within(1e-9));
  }

  @Test
  void a_law_is_found_in_a_table_of_ones_own_whatever_separates_its_columns() {
    for (String separator : List.of(",", ";", "\t")) {
      String table =
          "\uFEFFmodel width, seed , steps,lower,last\n8,a,80,,\n16,a,160,,\n\n32,b,320,,\n"
              .replace("model width", "width")
              .replace(",", separator);
      FitReport report = fit(table, "T_steps = C * width^alpha", Map.of());
      assertThat(value(report, "C")).isCloseTo(10, within(1e-9));
      assertThat(value(report, "alpha")).isCloseTo(1, within(1e-9));
    }
  }

  @Test
  void a_run_without_a_time_counts_as_longer_than_its_last_look() {
    String table =
        "d,seed,steps,lower,last\n8,0,80,,\n16,0,170,,\n32,0,300,,\n64,0,,,2000\n64,1,700,,\n";
    FitReport kept = fit(table, "T_steps = C * d^alpha", Map.of());
    FitReport without =
        fit(
            table,
            "T_steps = C * d^alpha",
            Map.of("unreached", Optional.of(FitSpec.Unreached.EXCLUDE)));
    assertThat(value(kept, "alpha")).isGreaterThan(value(without, "alpha") + 0.05);
    assertThat(kept.count(State.UNREACHED)).isEqualTo(1);
    assertThat(kept.result().points()).isEqualTo(5);
    assertThat(without.result().points()).isEqualTo(4);
  }

  /** As a run that passes at its end, but at fewer evaluations than must pass in a row. */
  @Test
  void a_run_without_a_time_counts_as_longer_than_the_last_look_that_is_certain() {
    String certain = "d,seed,steps,lower,last\n8,0,80,,\n16,0,170,,\n32,0,300,,\n64,0,,400,2000\n";
    String formula = "T_steps = C * d^alpha";
    assertThat(value(fit(certain, formula, Map.of()), "alpha"))
        .isEqualTo(value(fit(certain.replace("400,2000", ",400"), formula, Map.of()), "alpha"))
        .isLessThan(value(fit(certain.replace("400,2000", ",2000"), formula, Map.of()), "alpha"));
  }

  @Test
  void brackets_are_those_of_the_column() {
    int[] times = {60, 180, 130, 350, 200, 800};
    StringBuilder narrow = new StringBuilder("d,seed,steps,lower,last\n");
    StringBuilder wide = new StringBuilder(narrow);
    for (int i = 0; i < times.length; i++) {
      String row = (1 << i / 2) + ",0," + times[i] + ",";
      narrow.append(row).append(times[i] - 1).append(",\n");
      wide.append(row).append(times[i] * 6 / 10).append(",\n");
    }
    Map<String, Object> interval = Map.of("method", FitSpec.Method.INTERVAL);
    double exact = value(fit(narrow.toString(), "T_steps = C * d^alpha", Map.of()), "C");
    double late = value(fit(narrow.toString(), "T_steps = C * d^alpha", interval), "C");
    double early = value(fit(wide.toString(), "T_steps = C * d^alpha", interval), "C");
    assertThat(late).isCloseTo(exact, within(0.02 * exact));
    assertThat(early).isBetween(0.6 * exact, 0.95 * exact);
  }

  @Test
  void columns_are_written_in_formulas_without_what_is_no_name_there() {
    TimesTable table =
        TimesTable.of("x.csv", "lr (Adam),batch-size,steps to 0.1\n8,3,80\n16,3,160\n32,4,320\n");
    FitReport report =
        TableFit.of(table, spec("T_steps_to_0_1 = C * lr_Adam^alpha", Map.of()), NONE);
    assertThat(value(report, "alpha")).isCloseTo(1, within(1e-9));
    assertThat(table.where("batch_size < 4").rows()).hasSize(2);
    assertThat(table.listed())
        .isEqualTo(
            "lr (Adam) (write lr_Adam), batch-size (write batch_size), steps to 0.1 (write"
                + " steps_to_0_1)");
  }

  @Test
  void columns_without_a_name_are_not_read() {
    TimesTable table = TimesTable.of("x.csv", ",d,steps,\n0,8,80,\n1,16,160,x\n2,32,320,\n");
    assertThat(table.columns()).containsExactly("d", "steps");
    FitReport report = TableFit.of(table, spec("T_steps = C * d^alpha", Map.of()), NONE);
    assertThat(value(report, "alpha")).isCloseTo(1, within(1e-9));
  }

  @Test
  void rows_that_say_NaN_have_no_answer_to_a_condition() {
    for (String nothing : List.of("NaN", "nan", "")) {
      TimesTable table = TimesTable.of("x.csv", "d,steps\n8,80\n16," + nothing + "\n");
      assertThatThrownBy(() -> table.where("steps > 5")).hasMessageStartingWith("row 2: ");
    }
  }

  @Test
  void a_formula_that_explains_the_time_by_itself_is_refused() {
    for (String formula : List.of("T_steps = C * steps^alpha", "T_my_steps = C * my_steps^alpha")) {
      String name = formula.contains("my") ? "my steps" : "steps";
      assertThatThrownBy(() -> fit("d,seed," + name + "\n8,0,80\n", formula, Map.of()))
          .hasMessage("the time " + name + " stands on both sides of the formula");
    }
  }

  @Test
  void rows_that_stand_twice_are_told_where_seeds_are_known() {
    String table = "d,seed,steps\n8,0,80\n16,0,160\n8,1,82\n16,1,150\n16,2,150\n16,1,150\n";
    assertThat(fit(table, "T_steps = C * d^alpha", Map.of()).notes())
        .contains("1 row is equal to another in every column, also the seed, and counted again");
    FitReport rows =
        TableFit.of(TimesTable.of("x.csv", table), spec("T_steps = C * d^alpha", Map.of()), NONE);
    assertThat(rows.notes()).noneMatch(note -> note.contains("equal to another"));
  }

  @Test
  void a_condition_on_columns_leaves_rows_out() {
    TimesTable table =
        TimesTable.of("x.csv", "d,kind,steps\n8,a,80\n16,a,160\n8,b,1\n16,b,7\n,a,5\n");
    TimesTable left = table.where("kind == a and steps > 5");
    assertThat(left.rows()).extracting(TimesTable.Row::number).containsExactly(1, 2);
    FitReport report = TableFit.of(left, spec("T_steps = C * d^alpha", Map.of()), NONE);
    assertThat(value(report, "alpha")).isCloseTo(1, within(1e-9));
    assertThatThrownBy(() -> table.where("d > 4")).hasMessageStartingWith("row 5: ");
    assertThatThrownBy(() -> table.where("D > 4"))
        .hasMessage("'D' is no column of x.csv; columns: d, kind, steps");
    assertThatThrownBy(() -> table.where("steps > 1000"))
        .hasMessage("no row of x.csv is left by steps > 1000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "d,steps                 | x.csv has no rows below a line with the names of its columns",
        "d,d/1,2                 | x.csv has two columns d; the first line names the columns",
        "d,steps/1,2/1           | row 2 has 1 cell, but the first line has 2 names",
        "d/1,2                   | row 1 has 2 cells, but the first line has 1 name",
        "d,steps/1,2/x,3         | row 2: d is no number, got 'x'",
        "d,steps/1,2/,3          | row 2: nothing stands in d",
        "d,steps/1,2/3,NaN       | row 2 has no time, and nothing says how long that run was looked at",
        "d,steps/1,2/NA,3        | row 2: nothing stands in d",
        "d,steps/1,2/3,inf       | row 2: steps is not finite, got inf; leave the cell of a run without a",
        "d,steps/1,2/3,1e999     | row 2: steps is not finite, got 1e999",
        "d,steps/1,2/32f,3       | row 2: d is no number, got '32f'",
        "d,steps/1,2/0x1p3,3     | row 2: d is no number, got '0x1p3'",
        "d;steps/1;2/3;1'000     | row 2: steps is no number, got '1'000'; numbers have a decimal point, and",
        "d;steps/1;2/3;1,5       | row 2: steps is no number, got '1,5'; numbers have a decimal point, and",
        "d,steps/1,2/3,-4        | row 2: steps is a time below 0, got -4",
        "d,steps,last/1,2,/3,,-4 | row 2: last is a time below 0, got -4",
        "d,time/1,2              | T_steps is the time in column steps, which is not there; columns: d, time",
        "d,steps/1,2/3,          | row 2 has no time, and nothing says how long that run was looked at",
        "d,steps,lower/1,2,3     | row 1: the last look before 2.0 came at 3.0",
        "d,steps,seed/1,2,       | row 1 has no seed",
        "a,b'/1,2                | is not there; columns: a, b' (write b)",
        "a,a',d d,d-d,β,2/1,2,3,4,5,6 | is not there; columns: a, a', d d, d-d, β, 2 (write _2)"
      })
  void what_is_wrong_with_a_table_is_said(String table, String message) {
    assertThatThrownBy(
            () -> {
              TimesTable read = TimesTable.of("x.csv", table.replace('/', '\n') + "\n");
              Columns columns =
                  new Columns(
                      Optional.of("seed").filter(read.columns()::contains),
                      Optional.of("lower"),
                      Optional.of("last"));
              TableFit.of(read, spec("T_steps = C * d^alpha", Map.of()), columns);
            })
        .isInstanceOf(TimesTable.Unusable.class)
        .hasMessageContaining(message);
  }

  /** Rows as in tables/runs.csv: a run at two levels, and a row for each threshold. */
  private static final String OURS =
      """
      sweep,run,threshold,state,emergence,emergence_lower,last_step,d,level,seed
      s,a,other,reached,7,6,8,8,1,0
      s,a,found,reached,80,79,90,8,1,0
      s,b,found,reached,160,159,170,16,1,0
      s,c,found,stopped,,,2000,32,1,0
      s,d,found,reached,330,329,340,32,1,1
      s,a,found,reached,160,159,170,8,2,0
      s,b,found,reached,320,319,330,16,2,0
      """;

  private static FitReport ours(String formula, FitSpec.Unreached unreached) {
    Columns seeds = new Columns(Optional.of("seed"), Optional.empty(), Optional.empty());
    return TableFit.of(
        TimesTable.of("runs.csv", OURS),
        spec(formula, Map.of("unreached", Optional.of(unreached))),
        seeds);
  }

  @Test
  void rows_of_another_threshold_take_no_part_and_a_level_of_a_run_is_a_point_of_its_own() {
    FitReport report = ours("T_found = C * d^alpha * level^beta", FitSpec.Unreached.EXCLUDE);
    assertThat(report.result().points()).isEqualTo(5);
    assertThat(value(report, "beta")).isCloseTo(1, within(0.1));
    assertThatThrownBy(() -> ours("T_lost = C * d^alpha", FitSpec.Unreached.EXCLUDE))
        .isInstanceOf(TimesTable.Unusable.class)
        .hasMessage("runs.csv has no threshold lost; known: other, found");
  }

  private static FitResult ofRows(String... rows) {
    String header = "sweep,run,threshold,state,emergence,emergence_lower,last_step,d,seed\n";
    TimesTable table = TimesTable.of("runs.csv", header + String.join("\n", rows) + "\n");
    Columns seeds = new Columns(Optional.of("seed"), Optional.empty(), Optional.empty());
    return TableFit.of(table, spec("T_found = C", Map.of()), seeds).result();
  }

  @Test
  void a_run_is_seen_as_far_as_any_sweep_goes_whichever_comes_first() {
    String shorter = "s,a,found,unreached,,,50,8,0";
    String longer = "t,a,found,reached,80,70,90,8,0";
    for (FitResult found : List.of(ofRows(shorter, longer), ofRows(longer, shorter))) {
      assertThat(found.points()).isEqualTo(1);
      assertThat(found.unreached()).isZero();
      assertThat(((FitResult.Fitted) found).parameter("C").value()).isCloseTo(80, within(1e-9));
    }
    // The shorter view ends at the first of three evaluations that must pass.
    assertThat(ofRows("s,a,found,unreached,,70,80,8,0", longer).points()).isEqualTo(1);
  }

  @Test
  void a_run_that_a_sweep_names_by_a_variant_is_the_same_run() {
    String table = OURS.replace("d,level,seed", "variant,level,seed").replace(",8,", ",,");
    String twice = table + "t,a,found,reached,80,79,90,wide,1,0\n";
    Columns seeds = new Columns(Optional.of("seed"), Optional.empty(), Optional.empty());
    FitSpec spec = spec("T_found = C * level^beta", Map.of());
    assertThat(TableFit.of(TimesTable.of("runs.csv", twice), spec, seeds).counts())
        .isEqualTo(TableFit.of(TimesTable.of("runs.csv", table), spec, seeds).counts());
  }

  @Test
  void a_run_that_two_sweeps_see_cross_at_different_steps_crossed_two_levels() {
    FitResult found = ofRows("s,a,found,reached,40,30,90,8,0", "t,a,found,reached,90,80,90,8,0");
    assertThat(((FitResult.Fitted) found).parameter("C").value()).isCloseTo(60, within(1e-9));
    assertThat(ofRows("s,a,found,reached,40,30,90,8,0", "t,a,found,unreached,,,90,8,0").points())
        .isEqualTo(2);
  }

  @Test
  void a_run_that_passed_too_briefly_at_its_end_is_longer_than_until_then() {
    String reached = "s,a,found,reached,40,30,90,8,0";
    FitResult known = ofRows(reached, "s,b,found,unreached,,70,90,8,1");
    assertThat(known).isEqualTo(ofRows(reached, "s,b,found,unreached,,,70,8,1"));
    assertThat(known).isNotEqualTo(ofRows(reached, "s,b,found,unreached,,,90,8,1"));
  }

  /** It waited for a threshold of another, and longer than until its end for this one. */
  @Test
  void a_run_that_was_stopped_is_a_point_that_is_longer() {
    FitReport report = ours("T_found = C * d^alpha * level^beta", FitSpec.Unreached.CENSORED);
    assertThat(report.count(State.STOPPED)).isEqualTo(1);
    assertThat(report.count(State.UNREACHED)).isZero();
    assertThat(report.result().unreached()).isEqualTo(1);
    assertThat(value(report, "alpha")).isGreaterThan(1.1);
  }

  @Test
  void a_law_that_cannot_be_tried_says_why_and_counts_who_never_crossed() {
    FitResult sum = ours("T_found = C * d + b", FitSpec.Unreached.CENSORED).result();
    assertThat(((FitResult.Refused) sum).reason()).endsWith("use method: nonlinear");
    assertThat(sum.points()).isZero();
    assertThat(sum.unreached()).isEqualTo(1);
    assertThatThrownBy(() -> ours("T_found = 2 * d", FitSpec.Unreached.CENSORED))
        .isInstanceOf(TimesTable.Unusable.class)
        .hasMessage("the formula has no parameters: nothing is left to fit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"T_steps = C * d^alpha", "T_steps = C * d * w^alpha"})
  void a_condition_without_a_logarithm_is_named(String formula) {
    FitReport report = fit("d,w,seed,steps\n0,1,a,5\n1,2,a,6\n2,4,a,7\n", formula, Map.of());
    assertThat(((FitResult.Refused) report.result()).reason())
        .startsWith("the formula has no logarithm at d = 0");
  }

  @Test
  void a_sum_is_fitted_as_it_stands() {
    String table = "d,seed,steps\n1,a,6\n2,a,9\n4,a,15\n8,a,27\n";
    FitReport report =
        fit(table, "T_steps = C * d + b", Map.of("method", FitSpec.Method.NONLINEAR));
    assertThat(value(report, "C")).isCloseTo(3, within(1e-6));
    assertThat(value(report, "b")).isCloseTo(3, within(1e-6));
    FitReport falling =
        fit(
            "d,seed,steps\n1,a,27\n2,a,24\n4,a,18\n8,a,6\n",
            "T_steps = b + C * d",
            Map.of("method", FitSpec.Method.NONLINEAR));
    assertThat(value(falling, "C")).isCloseTo(-3, within(1e-6));
  }

  @Test
  void rows_without_seeds_are_left_out_one_at_a_time() {
    String table = "d,steps\n8,80\n8,82\n16,160\n16,163\n32,320\n32,311\n";
    FitReport report =
        TableFit.of(TimesTable.of("own.csv", table), spec("T_steps = C * d^alpha", Map.of()), NONE);
    assertThat(((FitResult.Fitted) report.result()).units()).isEqualTo(6);
  }

  @Test
  void a_name_is_a_column_or_the_end_of_the_path_of_only_one() {
    TimesTable table =
        TimesTable.of("x.csv", "task.dim,training.lr,model.lr,width\n8, 1 , word ,  \n");
    assertThat(table.column("dim")).contains("task.dim");
    assertThat(table.column("task.dim")).contains("task.dim");
    assertThat(table.column("lr")).isEmpty();
    assertThat(table.column("im")).isEmpty();
    TimesTable.Row row = table.rows().get(0);
    assertThat(row.text("model.lr")).contains("word");
    assertThat(row.text("width")).isEmpty();
    assertThat(TimesTable.of("x.csv", "a;b,c\n1,2\n").columns()).containsExactly("a;b", "c");
  }
}
