package dev.emergence.report;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Fabricated;
import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Run;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.RunConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Sweeps and runs that nobody hopes for, and that figures must bear.
 *
 * @param name what is awkward
 * @param yaml sweeps named {@code s}, seeds, and a claim {@code c}
 * @param x symbol of an axis with numbers
 * @param color symbol of another axis, or variant
 * @param look keys of a plot's words
 * @param crossing when a run emerges
 * @param loss what the loss is multiplied by
 */
record AwkwardData(
    String name,
    String yaml,
    String x,
    String color,
    String look,
    ToDoubleBiFunction<RunConfig, Integer> crossing,
    ToDoubleBiFunction<Integer, Double> loss) {

  private static final String PLANE =
      "seeds: {first: 0, count: 3}\n"
          + "sweeps: {s: {grid: {task.dim: [16, 32], task.sequence_length: [64, 128]}}}\n";

  static List<AwkwardData> all() {
    return List.of(
        of("one point", "seeds: {first: 0, count: 1}\n" + one(), (c, s) -> 250),
        of("nothing emerged", PLANE + claim("T: 128"), (c, s) -> 1e9),
        of("one run of each emerged", PLANE + claim("T: 128"), (c, s) -> s == 0 ? 300 : 1e9),
        names(),
        conditions(),
        of("emergence at zero", PLANE + claim("T: 128"), (c, s) -> s == 1 ? 400 : 0)
            .losing((row, loss) -> row % 3 == 0 ? 0 : loss),
        of("numbers equal to rounding", PLANE + claim("T: 128"), (c, s) -> 400)
            .losing((row, loss) -> 0.2 + 1e-16 * (row % 3)),
        of("numbers that are tiny and huge", PLANE + claim("T: 128"), (c, s) -> 10 + 1000 * s)
            .losing((row, loss) -> row % 2 == 0 ? 1e300 : 1e-300),
        of("words of other scripts", PLANE + claim("T: 128"), (c, s) -> 200 + 100 * s)
            .saying(
                ", title: \"Größe, زمن, זמן\", labels: {x: \"מימד d\", y: \"الخطوات (Schritte)\"},"
                    + " names: {\"16\": \"אחת שתיים שלוש\", \"32\": \"Ångström-Länge\", \"64\":"
                    + " \"قصير جدا\", \"128\": \"長い列\", c: \"é̂ combining\"}"));
  }

  private static AwkwardData of(
      String name, String yaml, ToDoubleBiFunction<RunConfig, Integer> crossing) {
    return new AwkwardData(name, yaml, "d", "T", "", crossing, (row, loss) -> loss);
  }

  private static String one() {
    return "sweeps: {s: {grid: {task.dim: [16]}}, t: {grid: {task.dim: [16, 32]}}}\n"
        + claim("d: 16").replace("data: s", "data: t");
  }

  private static String claim(String baseline) {
    return "claims: {c: {data: s, of: plateau.steps, baseline: {"
        + baseline
        + "}, ratio: best, at_least: 1.5}}\n";
  }

  private static AwkwardData names() {
    List<String> names =
        IntStream.range(0, 12)
            .mapToObj(
                i ->
                    "adam_with_learned_positions_"
                        + List.of("none", "pre", "post").get(i % 3)
                        + "_norm_"
                        + List.of("gelu", "relu", "silu", "tanh").get(i / 3))
            .toList();
    String variants =
        IntStream.range(0, 12)
            .mapToObj(
                i ->
                    "      "
                        + names.get(i)
                        + ": {training: {optimizer: {kind: adam, learning_rate: "
                        + (1 + i)
                        + ".0e-4}}}\n")
            .collect(Collectors.joining());
    return new AwkwardData(
        "twelve long names",
        "seeds: {first: 0, count: 3}\nsweeps:\n  s:\n    variants:\n"
            + variants
            + "    grid: {task.dim: [16, 32]}\n"
            + "claims: {c: {data: s, of: plateau.steps, baseline: {variant: "
            + names.get(0)
            + "}, ratio: best, at_least: 1.5}}\n",
        "d",
        "variant",
        "",
        (c, s) -> 1e-1 / Fabricated.number(c, "training.optimizer.learning_rate") + 30 * s,
        (row, loss) -> loss);
  }

  private static AwkwardData conditions() {
    return new AwkwardData(
        "six hundred conditions",
        "seeds: {first: 0, count: 1}\nsweeps:\n  s: {grid: {task.dim: {from: 2, to: 31, num: 30},"
            + " task.sequence_length: {from: 4, to: 80, num: 20}}}\n"
            + claim("T: 4"),
        "d",
        "T",
        "",
        (c, s) -> 10 * Fabricated.d(c) + 3 * Fabricated.length(c),
        (row, loss) -> loss);
  }

  private AwkwardData losing(ToDoubleBiFunction<Integer, Double> by) {
    return new AwkwardData(name, yaml, x, color, look, crossing, by);
  }

  private AwkwardData saying(String words) {
    return new AwkwardData(name, yaml, x, color, words, crossing, loss);
  }

  /** The figures of these runs, one for each kind that shows trained runs. */
  Map<String, Drawing> drawings() {
    Plan plan = Fabricated.plan(yaml + plots());
    Map<String, StoredRun> runs = new LinkedHashMap<>();
    for (Assignment a : plan.assignments()) {
      RunConfig config = plan.byId().get(a.run()).run().config();
      Run run = new Run(a.run(), config, a.seed());
      double time = crossing.applyAsDouble(config, a.seed());
      runs.put(a.run(), changed(Fabricated.stored(run, time, Outcome.State.COMPLETE)));
    }
    return Report.drawings(Analysis.of(plan, runs), run -> List.of());
  }

  private StoredRun changed(StoredRun run) {
    Curve curve = run.curve();
    double[][] values = curve.values();
    double[][] out = new double[values.length][];
    for (int row = 0; row < values.length; row++) {
      out[row] = values[row].clone();
      out[row][0] = loss.applyAsDouble(row, values[row][0]);
    }
    return new StoredRun(run.run(), run.outcome(), new Curve(curve.columns(), curve.steps(), out));
  }

  private String plots() {
    StringBuilder out = new StringBuilder("plots:\n");
    KINDS.forEach(
        (name, kind) ->
            out.append("  ").append(name).append(": {").append(kind).append(look).append("}\n"));
    return out.toString().replace("$X", x).replace("$C", color);
  }

  /** Each kind of figure of trained runs, with its ways. */
  private static final Map<String, String> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("scaling", "kind: scaling, data: s, x: $X, y: plateau.steps, color: $C");
    KINDS.put(
        "scaling_linear", "kind: scaling, data: s, x: $X, y: test.loss, scale: {}, seeds: true");
    KINDS.put("curves", "kind: learning_curves, data: s, y: test.loss, color: $C");
    KINDS.put(
        "curves_log",
        "kind: learning_curves, data: s, y: test.loss, scale: loglog, mark: [plateau]");
    KINDS.put("medians", "kind: learning_curves, data: s, y: test.loss, color: $C, show: median");
    KINDS.put(
        "aligned",
        "kind: learning_curves, data: s, y: test.loss, align: plateau, show: mean, band: std");
    KINDS.put("strip", "kind: categories, data: s, x: $C, y: plateau.steps");
    KINDS.put("box", "kind: categories, data: s, x: $C, y: plateau.steps, color: $X, show: box");
    KINDS.put(
        "box_log", "kind: categories, data: s, x: $C, y: plateau.steps, show: box, scale: log");
    KINDS.put(
        "bar",
        "kind: categories, data: s, x: $X, y: plateau.steps, color: $C, show: bar, scale: log");
    KINDS.put("emergence", "kind: emergence_scatter, data: s, x: $X, color: $C");
    KINDS.put("hazard", "kind: hazard, data: s, color: $C");
    KINDS.put("heat", "kind: heatmap, data: s, x: $X, y: $C, of: plateau.steps");
    KINDS.put("heat_log", "kind: heatmap, data: s, x: $C, y: $X, of: test.loss, color: log");
    KINDS.put("ratios", "kind: ratios, claims: [c]");
    KINDS.put("rows", "kind: rows, data: s, y: test.*, below: 0.1");
    KINDS.put("multiples", "kind: learning_curves, data: s, y: test.loss, columns: $X");
    KINDS.put("panels", "kind: panels, of: [scaling, curves, strip, hazard], size: {width: 178mm}");
  }
}
