package dev.emergence.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.emergence.Edited;
import dev.emergence.plan.Plan;
import dev.emergence.plan.RunId;
import dev.emergence.result.Curve;
import dev.emergence.result.CurveFile;
import dev.emergence.result.Disk;
import dev.emergence.result.Json;
import dev.emergence.result.Outcome;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.StoredRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {
  private static final String SWEEPS =
      """
      sweeps:
        vary_d: {grid: {task.dim: [16, 32]}}
        late:
          set: {measurement.thresholds.plateau.below: 0.4, training.max_steps: 300}
          grid: {task.dim: [32], repetition.cross_sample: [0.0]}
      """;

  @Test
  void runs_csv_has_a_row_a_condition_seed_and_threshold_with_the_columns_in_order()
      throws IOException {
    List<String> lines = runs(Fabricated.plan(SWEEPS), 95);
    assertThat(lines.get(0))
        .isEqualTo(
            "run,sweep,condition,seed,threshold,state,emergence,emergence_lower,last_step,final_metric,loss_at_emergence,task.dim,repetition.cross_sample");
    assertThat(lines).hasSize(1 + (2 + 1) * 3);
    assertThat(withoutRun(lines.get(1)))
        .isEqualTo("vary_d,0,0,plateau,reached,100,90,120,0.01,0.01,16,0");
    assertThat(withoutRun(lines.get(4)))
        .isEqualTo("vary_d,1,0,plateau,reached,100,90,120,0.01,0.01,32,0");
    assertThat(withoutRun(lines.get(7)))
        .isEqualTo("late,0,0,plateau,reached,100,90,120,0.01,0.01,32,0");
  }

  @Test
  void a_shared_run_counts_only_up_to_each_conditions_own_max_steps() throws IOException {
    List<String> lines = runs(Fabricated.plan(SWEEPS), 1000);
    // vary_d reads 1000 off the run that late, with max_steps 300, sees unreached.
    assertThat(withoutRun(lines.get(4)))
        .isEqualTo("vary_d,1,0,plateau,reached,1000,990,1200,0.01,0.01,32,0");
    assertThat(withoutRun(lines.get(7))).isEqualTo("late,0,0,plateau,unreached,,300,300,0.5,,32,0");
    assertThat(run(lines.get(4))).isEqualTo(run(lines.get(7)));
  }

  @Test
  void evaluations_at_the_end_that_pass_too_briefly_leave_the_crossing_open() throws IOException {
    Plan plan =
        Fabricated.plan(
            SWEEPS.replace("training.max_steps: 300", "measurement.thresholds.plateau.hold: 3"));
    List<String> lines = runs(plan, 4990);
    assertThat(withoutRun(lines.get(1)))
        .isEqualTo("vary_d,0,0,plateau,reached,4990,4980,5000,0.01,0.01,16,0");
    // The last two evaluations pass: a third may have made the first of them the crossing.
    assertThat(withoutRun(lines.get(7)))
        .isEqualTo("late,0,0,plateau,unreached,,4980,5000,0.01,,32,0");
  }

  @Test
  void a_sweeps_own_threshold_is_the_one_that_is_read() throws IOException {
    Plan plan = Fabricated.plan(Edited.text(SWEEPS, "0.4", "0.005"));
    List<String> lines = runs(plan, 100);
    assertThat(lines.get(4)).contains(",reached,100,");
    assertThat(lines.get(7)).contains(",unreached,,120,120,");
  }

  @Test
  void diverged_and_failed_runs_are_rows_and_missing_ones_are_not() throws IOException {
    Plan plan = Fabricated.plan(SWEEPS);
    Map<String, StoredRun> runs = new HashMap<>(Fabricated.runs(plan, (c, s) -> 100));
    var first = plan.byId().get(plan.assignments().get(0).run()).run();
    var second = plan.byId().get(plan.assignments().get(1).run()).run();
    runs.put(first.id(), Fabricated.stored(first, 1e9, Outcome.State.DIVERGED));
    runs.put(second.id(), Fabricated.stored(second, 1e9, Outcome.State.FAILED));
    runs.remove(plan.assignments().get(2).run());
    List<String> lines = lines(RunTable.content(Analysis.of(plan, runs)));
    assertThat(lines).hasSize(1 + 2 + 3 + 3);
    assertThat(lines.get(1)).contains("plateau,diverged,,,5000,0.5");
    assertThat(lines.get(2)).contains("plateau,failed,,,5000,0.5");
  }

  @Test
  void a_run_that_diverges_after_a_conditions_limit_is_complete_for_it() {
    Plan plan = Fabricated.plan(SWEEPS);
    Map<String, StoredRun> runs = new HashMap<>(Fabricated.runs(plan, (c, s) -> 100));
    plan.runs()
        .forEach(r -> runs.put(r.id(), Fabricated.stored(r.run(), 1e9, Outcome.State.DIVERGED)));
    Analysis analysis = Analysis.of(plan, runs);
    assertThat(analysis.cells("vary_d").get(1).count("plateau", State.DIVERGED)).isEqualTo(3);
    assertThat(analysis.cells("late").get(0).count("plateau", State.UNREACHED)).isEqualTo(3);
  }

  @Test
  void cells_that_begin_like_a_formula_are_disarmed_unless_they_are_numbers() {
    assertThat(
            Csv.line(
                List.of(
                    "=1+1",
                    "+x",
                    "-y",
                    "@cmd",
                    "-1.5e-3",
                    "+7",
                    "a,b",
                    "say \"hi\"",
                    "two\nlines")))
        .isEqualTo("'=1+1,'+x,'-y,'@cmd,-1.5e-3,+7,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n");
    assertThat(
            Csv.line(
                Arrays.asList(-2.5, 1e-7, 50.0, Double.NaN, Double.POSITIVE_INFINITY, null, true)))
        .isEqualTo("-2.5,1.0e-7,50,,,,true\n");
  }

  @Test
  void variants_have_a_column_of_their_own() throws IOException {
    Plan plan =
        Fabricated.plan(
            """
            sweeps:
              optimizers:
                variants:
                  adam: {training: {optimizer: {kind: adam, learning_rate: 1.0e-4}}}
                  sgd: {training: {optimizer: {kind: sgd, learning_rate: 5.0e-3}}}
                grid: {task.dim: [16]}
            """);
    List<String> lines = runs(plan, 100);
    assertThat(lines.get(0)).endsWith("final_metric,loss_at_emergence,variant,task.dim");
    assertThat(lines.get(1)).endsWith(",adam,16");
    assertThat(lines.get(4)).endsWith(",sgd,16");
  }

  @Test
  void curves_are_written_once_a_run_and_in_full() throws IOException {
    Plan plan = Fabricated.plan(SWEEPS);
    Analysis analysis = Analysis.of(plan, Fabricated.runs(plan, (c, s) -> 95));
    List<String> csv = curves(analysis).get(0);
    List<String> json = curves(analysis).get(1);
    int evaluations = 120 / 10 + 1;
    assertThat(csv).hasSize(1 + 6 * evaluations * 2);
    assertThat(csv.get(1)).endsWith(",0,0,test.loss,0.5");
    assertThat(json).hasSize(6 * evaluations);
    assertThat(json.get(1)).contains("\"step\":10,\"test.loss\":0.5,\"test.accuracy\":0.02}");
  }

  @Test
  void both_tables_of_curves_spell_every_number_as_tables_and_stored_curves_do()
      throws IOException {
    double[] awkward = {
      -0.0,
      0,
      1e-7,
      -1e15,
      123456789012345.0,
      1e15,
      2.5e22,
      0.1 + 0.2,
      Double.MIN_VALUE,
      Double.MAX_VALUE,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    List<String> columns = List.of("test.loss", "attention.1.3.entropy", "=a,b");
    double[] steps = IntStream.range(0, awkward.length).mapToDouble(i -> i * 0.3).toArray();
    double[][] values = new double[awkward.length][];
    StringBuilder csv = new StringBuilder("run,seed,step,metric,value\n");
    StringBuilder json = new StringBuilder();
    Plan plan = Fabricated.plan("");
    var run = plan.runs().get(0).run();
    String label = RunId.label(run.id());
    for (int row = 0; row < awkward.length; row++) {
      values[row] = new double[] {awkward[row], 0.25 * row, -awkward[row]};
      for (int column : new int[] {0, 2}) {
        if (!Double.isNaN(awkward[row])) {
          csv.append(
              Csv.line(List.of(label, 0, steps[row], columns.get(column), values[row][column])));
        }
      }
      json.append("{\"run\":\"" + label + "\",\"seed\":0,")
          .append(CurveFile.line(columns, steps[row], values[row]).substring(1));
    }
    Outcome complete = new Outcome(Outcome.State.COMPLETE, 5000, "", 1, 2.5);
    StoredRun stored = new StoredRun(run, complete, new Curve(columns, steps, values));
    Analysis analysis = Analysis.of(plan, Map.of(run.id(), stored));
    assertThat(curves(analysis))
        .isEqualTo(List.of(csv.toString().lines().toList(), json.toString().lines().toList()));
  }

  @Test
  void fits_and_claims_are_json_with_null_for_what_is_unknown(@TempDir Path folder)
      throws Exception {
    Plan plan =
        Fabricated.plan(
"""
sweeps:
  main: {grid: {task.dim: [16, 32, 64], repetition.in_context: [1, 2]}}
  late: {grid: {task.sequence_length: [64, 128]}}
fits:
  law: {data: main, formula: "T_plateau = C * d^alpha / B^beta", expect: {alpha: {near: 1, within: 0.1}}}
  bad: {data: late, formula: "T_plateau = C * T^gamma"}
claims:
  faster: {data: main, of: plateau.steps, baseline: {B: 1}, at_least: 1.5}
  slower: {data: late, of: plateau.steps, baseline: {T: 128}, at_least: 1.5}
  apart: {kind: seed_range, data: late, of: plateau.steps, at_most: 2, range: best}
""");
    Analysis analysis =
        Analysis.of(
            plan,
            Fabricated.runs(
                plan,
                (c, s) ->
                    Fabricated.length(c) == 128
                        ? 1e9
                        : 20 * Fabricated.d(c) / c.repetition().inContext()));
    Tables.write(ResultsFolder.open(folder, Disk.local()), analysis);
    String fits = Files.readString(folder.resolve("fits.json"));
    Map<String, Object> tree = Json.read(fits, "fits.json");
    assertThat(at(tree, "law", "parameters", "alpha", "lower")).isNull();
    assertThat((double) at(tree, "law", "parameters", "alpha", "value")).isBetween(0.99, 1.01);
    assertThat(at(tree, "law", "expect", "alpha", "holds")).isEqualTo(true);
    assertThat(at(tree, "law", "points")).isEqualTo(18);
    assertThat((String) at(tree, "bad", "refused")).startsWith("'gamma' cannot be told from 'C'");
    Map<String, Object> claims = Json.read(folder.resolve("claims.json"));
    assertThat(at(claims, "faster", "verdict")).isEqualTo("holds");
    assertThat(at(claims, "faster", "judged"))
        .isEqualTo(Map.of("lower", 2.0, "upper", 2.0, "open", false));
    assertThat((double) at(claims, "slower", "judged", "lower")).isGreaterThan(1);
    assertThat(at(claims, "slower", "judged", "upper")).isNull();
    assertThat(at(claims, "slower", "judged", "open")).isEqualTo(true);
    assertThat(at(claims, "apart", "judged", "open")).isEqualTo(true);
    assertThat(Bounds.UNKNOWN.open()).isFalse();
    assertThat(Files.exists(folder.resolve("tables/runs.csv"))).isTrue();
  }

  @SuppressWarnings("unchecked")
  private static Object at(Object tree, String... keys) {
    Object at = tree;
    for (String key : keys) {
      assertThat((Map<String, Object>) at).containsKey(key);
      at = ((Map<String, Object>) at).get(key);
    }
    return at;
  }

  private static List<String> runs(Plan plan, double crossing) throws IOException {
    return lines(RunTable.content(Analysis.of(plan, Fabricated.runs(plan, (c, s) -> crossing))));
  }

  static List<String> lines(Disk.Content content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    content.to(out);
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** The lines of both tables of curves. */
  static List<List<String>> curves(Analysis analysis) throws IOException {
    ByteArrayOutputStream csv = new ByteArrayOutputStream();
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    CurveTable.write(analysis.runs(), csv, json);
    return Stream.of(csv, json)
        .map(out -> out.toString(StandardCharsets.UTF_8).lines().toList())
        .toList();
  }

  private static String run(String line) {
    return line.substring(0, line.indexOf(','));
  }

  private static String withoutRun(String line) {
    return line.substring(line.indexOf(',') + 1);
  }

  @Test
  void conditions_csv_has_the_mean_with_unreached_runs_at_their_end_and_the_loss_then()
      throws IOException {
    Plan plan = Fabricated.plan("");
    // Seeds 0 and 1 emerge at 1000 and 2000; seed 2 never does, and ends at 5000.
    Analysis analysis =
        Analysis.of(
            plan,
            Fabricated.runs(plan, (c, s) -> s == 2 ? Double.POSITIVE_INFINITY : 1000 + 1000 * s));
    String[] header = lines(ConditionTable.csv(analysis)).get(0).split(",");
    String[] row = lines(ConditionTable.csv(analysis)).get(1).split(",");
    Map<String, String> cells = new HashMap<>();
    for (int i = 0; i < row.length; i++) {
      cells.put(header[i], row[i]);
    }
    assertThat(cells).containsEntry("reached", "2").containsEntry("mean", "1500");
    assertThat(Double.parseDouble(cells.get("mean_unreached_at_end"))).isEqualTo(8000 / 3.0);
    assertThat(cells).containsEntry("loss_at_emergence", "0.01");
    assertThat(analysis.cells("main").get(0).seeds().get(2).lossAtEmergence("plateau")).isNaN();
    Map<String, StoredRun> two = Fabricated.runs(plan, (c, s) -> 1000);
    two.remove(plan.assignments().get(0).run());
    assertThat(Analysis.of(plan, two).cells("main").get(0).meanWithUnreachedAtEnd("plateau"))
        .as("a run is missing")
        .isNaN();
  }
}
