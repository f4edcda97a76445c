package dev.emergence.analysis;

import dev.emergence.dsl.ReadOptions;
import dev.emergence.dsl.Reading;
import dev.emergence.dsl.SpecReader;
import dev.emergence.plan.Assignment;
import dev.emergence.plan.Plan;
import dev.emergence.plan.Planner;
import dev.emergence.plan.Run;
import dev.emergence.result.Curve;
import dev.emergence.result.Outcome;
import dev.emergence.result.StoredRun;
import dev.emergence.spec.ExperimentSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.expr.Paths;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;

/** Experiments whose runs were never trained: their curves fall off a cliff where a test says. */
public final class Fabricated {
  /** Evaluations every 10 steps. */
  public static final int EVERY = 10;

  /** Linear regression with a plateau threshold at 0.1, evaluated every 10 steps. */
  public static final String BASE =
      """
      dsl: 1
      name: fabricated
      task: {kind: linear_regression, dim: 16, sequence_length: 64}
      training: {max_steps: 5000}
      measurement:
        evaluate_every: 10
        thresholds:
          plateau: {metric: test.loss, below: 0.1}
        attention: {record: [relevant, entropy], pictures_at: [40, last]}
      seeds: {first: 0, count: 3}
      """;

  private Fabricated() {}

  /** The plan of {@link #BASE} and more YAML. */
  public static Plan plan(String more) {
    // Keys that are written again take the place of ours.
    String base = more.contains("seeds:") ? BASE.replaceFirst("seeds: .*\n", "") : BASE;
    return planOf(base + more);
  }

  /** The plan of a whole file. */
  public static Plan planOf(String yaml) {
    Reading reading = SpecReader.read("fabricated.yaml", yaml, ReadOptions.none());
    if (reading.spec().isEmpty()) {
      throw new AssertionError(reading.toText());
    }
    ExperimentSpec spec = reading.spec().get();
    return Planner.plan(spec);
  }

  /**
   * Finished runs that cross every level at a time; later than the end of the run when it is
   * infinite.
   */
  public static Map<String, StoredRun> runs(
      Plan plan, ToDoubleBiFunction<RunConfig, Integer> crossing) {
    Map<String, StoredRun> runs = new LinkedHashMap<>();
    for (Assignment a : plan.assignments()) {
      RunConfig config = plan.byId().get(a.run()).run().config();
      double time = crossing.applyAsDouble(config, a.seed());
      runs.put(a.run(), stored(new Run(a.run(), config, a.seed()), time, Outcome.State.COMPLETE));
    }
    return runs;
  }

  /**
   * One run that crosses at a time. It was trained to its max_steps, but has no rows long after the
   * crossing; one that diverged did so there.
   */
  public static StoredRun stored(Run run, double crossing, Outcome.State state) {
    double end =
        Math.min(
            run.config().training().maxSteps(),
            Double.isFinite(crossing) ? Math.ceil(crossing * 1.2 / EVERY) * EVERY : 1e12);
    int rows = (int) (end / EVERY) + 1;
    double[] steps = new double[rows];
    double[][] values = new double[rows][];
    for (int row = 0; row < rows; row++) {
      steps[row] = row * EVERY;
      double loss = steps[row] >= crossing ? 0.01 : 0.5;
      values[row] = new double[] {loss, loss < 0.1 ? 0.9 : 0.02};
    }
    Curve curve = new Curve(List.of("test.loss", "test.accuracy"), steps, values);
    boolean complete = state == Outcome.State.COMPLETE;
    String reason = complete ? "" : "test.loss is NaN at step " + (long) end;
    double last = complete ? run.config().training().maxSteps() : end;
    return new StoredRun(run, new Outcome(state, last, reason, 1, 2.5), curve);
  }

  /** A number of a configuration. */
  public static double number(RunConfig config, String path) {
    Optional<Double> found = Paths.value(config, path).flatMap(Paths::number);
    return found.orElseThrow(() -> new AssertionError("no number at " + path));
  }

  /** d of the task. */
  public static double d(RunConfig config) {
    return number(config, "task.dim");
  }

  /** T of the task. */
  public static double length(RunConfig config) {
    return number(config, "task.sequence_length");
  }
}
