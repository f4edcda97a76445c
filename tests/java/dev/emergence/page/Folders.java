package dev.emergence.page;

import dev.emergence.analysis.Analysis;
import dev.emergence.analysis.Fabricated;
import dev.emergence.measure.Ending;
import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Run;
import dev.emergence.plan.Yaml;
import dev.emergence.report.Report;
import dev.emergence.result.Curve;
import dev.emergence.result.Disk;
import dev.emergence.result.LiveRows;
import dev.emergence.result.Origin;
import dev.emergence.result.Outcome;
import dev.emergence.result.Picture;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.RunRecord;
import dev.emergence.spec.RunConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Results folders whose runs were never trained, for pages to show. */
public final class Folders {
  /** Sizes and lengths of {@link #mixed}. */
  public static final String PLANE =
      """
      dsl: 1
      name: fabricated
      task: {kind: linear_regression, dim: 16, sequence_length: 64}
      training: {max_steps: 800}
      measurement:
        evaluate_every: 10
        thresholds: {plateau: {metric: test.loss, below: 0.1}}
        attention: {record: [relevant]}
        stop: {when: plateau, extra: 20%}
      seeds: {first: 0, count: 3}
      description: How does the plateau grow with d and T?
      sweeps:
        plane: {grid: {task.dim: [16, 32, 64], task.sequence_length: [64, 128]}}
      fits:
        law:
          data: plane
          formula: "T_plateau = C * d^alpha * T^beta"
          bootstrap: {resamples: 20}
          published: {alpha: 1.29, beta: 0.8}
          expect: {r2: {at_least: 0.9}}
      claims:
        longer: {data: plane, of: plateau.steps, baseline: {T: 128}, ratio: best, at_least: 1.5}
      """;

  private static final int KEYS = 12;

  private Folders() {}

  /** When a run emerges: never under the longest sequences of seed 2. */
  public static double crossing(RunConfig config, int seed) {
    boolean never = Fabricated.d(config) > 60 && seed == 2;
    return never
        ? Double.POSITIVE_INFINITY
        : 20 * Math.pow(Fabricated.d(config), 0.5) * Math.pow(Fabricated.length(config) / 64, 0.9)
            + 20 * seed;
  }

  /** A curve that waits, falls off a cliff, and levels off. */
  static Curve curve(double crossing, double end) {
    int rows = (int) (end / Fabricated.EVERY) + 1;
    double[] steps = new double[rows];
    double[][] values = new double[rows][];
    for (int row = 0; row < rows; row++) {
      steps[row] = row * Fabricated.EVERY;
      double fallen = 1 / (1 + Math.exp((crossing - 25 - steps[row]) / 8));
      double noise = 1 + 0.02 * Math.sin(row * 12.9898);
      values[row] = new double[] {(0.5 - 0.49 * fallen) * noise, 0.02 + 0.9 * fallen};
    }
    return new Curve(List.of("test.loss", "attention.relevant"), steps, values);
  }

  /** Two layers of two heads; the last one finds key 5 when the run emerges. */
  static List<Picture> film(double crossing, double end) {
    List<Picture> out = new ArrayList<>();
    double[] relevant = new double[KEYS];
    relevant[5] = 1;
    out.add(new Picture("film-relevant", 0, 1, 1, new double[][] {relevant}));
    for (int frame = 0; frame < 12; frame++) {
      long step = Math.round(end * frame / 110) * 10;
      double found = 1 / (1 + Math.exp((crossing - step) / 30));
      for (int layer = 1; layer <= 2; layer++) {
        for (int head = 1; head <= 2; head++) {
          boolean leading = layer == 2 && head == 2;
          out.add(new Picture("film", step, layer, head, pattern(leading ? found : 0.1 * found)));
        }
      }
    }
    return out;
  }

  private static double[][] pattern(double found) {
    double[][] out = new double[KEYS][KEYS];
    for (int q = 0; q < KEYS; q++) {
      for (int k = 0; k <= q; k++) {
        out[q][k] = (1 - (q >= 5 ? found : 0)) / (q + 1) + (k == 5 ? found : 0);
      }
    }
    return out;
  }

  /** Stores a run. */
  public static void store(ResultsFolder folder, PlannedRun p, Outcome.State state, String reason)
      throws IOException {
    double last = state == Outcome.State.COMPLETE ? end(p.run()) : 60;
    folder.run(p.id()).complete(record(p, state, last, reason));
  }

  /** Where a run ends that goes as far as its condition asks. */
  static double end(Run run) {
    Curve whole = curve(crossing(run.config(), run.seed()), run.config().training().maxSteps());
    return Ending.of(run.config()).lastStep(whole, Fabricated.EVERY);
  }

  /** A run that ended at a step, wherever its conditions end. */
  static RunRecord record(PlannedRun p, Outcome.State state, double last, String reason) {
    Run run = p.run();
    double crossing = crossing(run.config(), run.seed());
    return new RunRecord(
        run,
        new Outcome(state, last, reason, 1, 2.5),
        curve(crossing, last),
        Optional.empty(),
        run.seed() == 0 ? film(crossing, last) : List.of(),
        Map.of("device", "a test", "commit", "abc"));
  }

  /**
   * An unfinished run that has come so far.
   *
   * @return what it appends to
   */
  public static LiveRows begin(ResultsFolder folder, PlannedRun p, double until)
      throws IOException {
    folder.run(p.id()).begin();
    LiveRows live = folder.run(p.id()).liveRows();
    append(live, p, 0, until);
    return live;
  }

  /** More rows of an unfinished run. */
  public static void append(LiveRows live, PlannedRun p, double after, double until) {
    Curve curve = curve(crossing(p.run().config(), p.run().seed()), until);
    for (int row = 0; row < curve.size(); row++) {
      if (curve.steps()[row] >= after) {
        live.add(curve.columns(), curve.steps()[row], curve.values()[row]);
      }
    }
    live.write(List.of());
  }

  /** Of 18 runs one has diverged, one failed, one is left in the middle and two are to do. */
  public static Plan mixed(Path root, String yaml) throws IOException {
    Plan plan = Yaml.plan(yaml);
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    folder.writePlan(plan, Origin.of("fabricated.yaml", yaml));
    List<PlannedRun> runs = plan.runs();
    for (int i = 0; i < runs.size(); i++) {
      switch (i) {
        case 1 -> store(folder, runs.get(i), Outcome.State.DIVERGED, "test.loss is NaN at step 60");
        case 3 -> store(folder, runs.get(i), Outcome.State.FAILED, "out of memory");
        case 5 -> begin(folder, runs.get(i), 80);
        case 7, 8 -> folder.root();
        default -> store(folder, runs.get(i), Outcome.State.COMPLETE, "");
      }
    }
    return plan;
  }

  /** All runs stored, with the report. */
  public static Plan whole(Path root, String yaml) throws IOException {
    Plan plan = Yaml.plan(yaml);
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    folder.writePlan(plan, Origin.of("fabricated.yaml", yaml));
    for (PlannedRun p : plan.runs()) {
      store(folder, p, Outcome.State.COMPLETE, "");
    }
    report(root, plan);
    return plan;
  }

  /** Writes the report of what is stored. */
  public static void report(Path root, Plan plan) throws IOException {
    ResultsFolder folder = ResultsFolder.open(root, Disk.local());
    Report.write(folder, Analysis.of(plan, folder.load(plan)));
  }

  /** A folder to look at: {@code Folders DIR}. */
  public static void main(String[] arguments) throws IOException {
    report(Path.of(arguments[0]), mixed(Path.of(arguments[0]), PLANE));
  }
}
