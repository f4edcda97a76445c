package dev.emergence.report;

import dev.emergence.analysis.Analysis;
import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import dev.emergence.measure.Ending;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Planner;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Runs of the toy model that nobody hopes for: their figures are trajectories, landscapes and
 * relations of the theory.
 *
 * @param name what is awkward
 * @param sweep the sweep {@code s}
 * @param plane limits of the landscape
 * @param look keys of every plot's words
 * @param times of the rows
 * @param values of the columns w, delta_a, alpha, test.loss
 */
record AwkwardToys(
    String name, String sweep, String plane, String look, double[] times, Values values) {
  private static final List<String> COLUMNS = List.of("w", "delta_a", "alpha", "test.loss");

  /** An experiment of the reduced flow, without sweeps and plots. */
  static final String BASE =
"""
dsl: 1
name: toys
task: {kind: linear_regression, dim: 16, sequence_length: 32, relevant_position: last, relevant_feature: false, unit_columns: true}
architecture: {kind: toy, dynamics: reduced, scores: tied}
training: {optimizer: {kind: gradient_flow}, max_time: 1000}
measurement:
  trajectory: {points: 200}
  thresholds: {plateau: {metric: test.loss, below: 0.1}}
  stop: {never: true}
seeds: none
""";

  /** A value of a column in a row. */
  private interface Values {
    double of(int row, int column);
  }

  private static final String PLANE = "x: [-2, 10], y: [-1, 6]";
  private static final String LENGTHS = "grid: {task.sequence_length: [32, 64, 128]}";
  private static final double[] TIMES = IntStream.range(0, 60).mapToDouble(i -> 10 * i).toArray();

  static List<AwkwardToys> all() {
    return List.of(
        of("one point").at(0),
        of("no rows").at(),
        of("two equal rows").at(5, 5),
        of("nothing happened").having((row, column) -> new double[] {0, 0, 1 / 32.0, 0.5}[column]),
        of("numbers equal to rounding")
            .having((row, column) -> 0.2 + 1e-16 * (row % 3))
            .over("x: [0.2, 0.200000001], y: [0.2, 0.200000001]"),
        of("numbers that are tiny and huge")
            .having((row, column) -> row % 2 == 0 ? 1e300 : 1e-300)
            .over("x: [-1.0e+300, 1.0e+300], y: [0, 1.0e-280]"),
        of("zeros and numbers below zero").having((row, column) -> row % 3 - 1.0),
        of("numbers that are none")
            .having((row, column) -> row % 2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY),
        of("a late start").having((row, column) -> row < 5 ? Double.NaN : curve(row, column)),
        of("wide plane").over("x: [-800, 800], y: [-1.0e+6, 1.0e+6]"),
        of("one token").sweeping("grid: {task.sequence_length: [1]}"),
        of("every token relevant").sweeping("grid: {repetition.in_context: [16, 32]}"),
        of("long context").sweeping("grid: {task.sequence_length: [1.0e+5, 1.0e+6]}"),
        of("twelve long names").sweeping(variants(12)),
        of("two hundred conditions")
            .sweeping("grid: {task.sequence_length: {from: 4, to: 800, num: 200}}"),
        of("words of other scripts")
            .saying(
                ", title: \"Größe, زمن, זמן\", labels: {x: \"מימד d\", y: \"الخطوات (Schritte)\"},"
                    + " names: {\"32\": \"אחת שתיים שלוש\", \"64\": \"قصير جدا\", \"128\":"
                    + " \"長い列 é̂\"}"));
  }

  private static AwkwardToys of(String name) {
    return new AwkwardToys(name, LENGTHS, PLANE, "", TIMES, AwkwardToys::curve);
  }

  private static double curve(int row, int column) {
    double share = 1 / (1 + Math.exp(6 - row / 5.0));
    return new double[] {4 * share, 5 * share, 1 / 32.0 + share, 0.5 * (1 - share)}[column];
  }

  private static String variants(int count) {
    return "variants: {"
        + IntStream.range(0, count)
            .mapToObj(
                i ->
                    "flow_of_the_reduced_loss_with_scores_tied_and_length_"
                        + (32 + i)
                        + "_at_last: {task: {sequence_length: "
                        + (32 + i)
                        + "}}")
            .collect(Collectors.joining(", "))
        + "}";
  }

  private AwkwardToys at(double... rows) {
    return new AwkwardToys(name, sweep, plane, look, rows, values);
  }

  private AwkwardToys having(Values some) {
    return new AwkwardToys(name, sweep, plane, look, times, some);
  }

  private AwkwardToys over(String limits) {
    return new AwkwardToys(name, sweep, limits, look, times, values);
  }

  private AwkwardToys sweeping(String some) {
    return new AwkwardToys(name, some, plane, look, times, values);
  }

  private AwkwardToys saying(String words) {
    return new AwkwardToys(name, sweep, plane, words, times, values);
  }

  private String yaml() {
    String color =
        sweep.startsWith("variants") ? "variant" : sweep.contains("in_context") ? "B" : "T";
    return BASE
        + "sweeps: {s: {"
        + sweep
        + "}, one: {}}\n"
        + """
          plots:
            time: {kind: trajectories, data: s, y: [w, alpha], reference: optimum$L}
            log: {kind: trajectories, data: s, y: [w], color: $C, scale: loglog$L}
            theory: {kind: trajectories, data: s, y: [w, delta_a], color: $C, theory: linearization$L}
            flow: {kind: trajectories, data: s, y: [w], scale: {x: log}, theory: reduced_flow$L}
            everything: {kind: trajectories, data: s, y: [w, alpha], color: $C, theory: linearization, reference: optimum$L}
            phase: {kind: trajectories, data: s, x: delta_a, y: [w, test.loss], color: $C$L}
            multiples: {kind: trajectories, data: s, y: [w], columns: $C$L}
            land: {kind: landscape, data: one, resolution: 40, limits: {$P}$L}
            land_linear: {kind: landscape, data: one, resolution: 2, contours: 0, color: linear, limits: {$P}$L}
            land_turned: {kind: landscape, data: one, x: w, y: delta_a, resolution: 40, color: symlog, limits: {$P}$L}
            relation: {kind: theory, data: s, relation: w_inf, color: $C$L}
            relation_log: {kind: theory, data: s, relation: loss_at_equilibrium, color: $C, scale: loglog$L}
            relations: {kind: theory, data: s, relation: w_inf, columns: $C$L}
          """
            .replace("$C", color)
            .replace("$P", plane)
            .replace("$L", look);
  }

  /** The figures of these runs. */
  Map<String, Drawing> drawings() {
    Reading reading = SpecReader.read("toys.yaml", yaml(), ReadOptions.none());
    Plan plan =
        Planner.plan(reading.spec().orElseThrow(() -> new AssertionError(reading.toText())));
    Map<String, StoredRun> runs = new HashMap<>();
    double[][] rows = new double[times.length][COLUMNS.size()];
    for (int row = 0; row < rows.length; row++) {
      int at = row;
      Arrays.setAll(rows[row], column -> values.of(at, column));
    }
    for (PlannedRun p : plan.runs()) {
      Outcome outcome =
          new Outcome(Outcome.State.COMPLETE, Ending.limit(p.run().config()), "", 1, 0.1);
      runs.put(p.id(), new StoredRun(p.run(), outcome, new Curve(COLUMNS, times, rows)));
    }
    return Report.drawings(Analysis.of(plan, runs), run -> List.of());
  }
}
