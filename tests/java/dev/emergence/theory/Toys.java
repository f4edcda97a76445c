package dev.emergence.theory;

import dev.emergence.spec.Defaults;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.MeasurementSpec.Relative;
import dev.emergence.spec.MeasurementSpec.TestSet;
import dev.emergence.spec.MeasurementSpec.Threshold;
import dev.emergence.spec.OptimizerSpec;
import dev.emergence.spec.RepetitionSpec;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.TaskSpec;
import dev.emergence.spec.ToySpec;
import dev.emergence.spec.ToySpec.Dynamics;
import dev.emergence.spec.ToySpec.Scores;
import dev.emergence.spec.TrainingSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs of the toy model as a file would ask for them; the test set is as trained but without
 * cross-sample repetition.
 */
final class Toys {
  private final Setting setting;
  private Scores scores = Scores.TIED;
  private Dynamics dynamics = Dynamics.REDUCED;
  private OptimizerSpec optimizer =
      new OptimizerSpec.GradientFlow(OptimizerSpec.Solver.DORMAND_PRINCE_853, 1e-10, 1e-13);
  private List<RepetitionSpec.Change> changes = List.of();
  private final Map<String, TestSet> testSets =
      new LinkedHashMap<>(
          Map.of("test", new TestSet(Optional.empty(), Optional.of(0.0), Optional.empty())));
  private final Map<String, Threshold> thresholds =
      new LinkedHashMap<>(Map.of("plateau", below("test.loss", 0.1)));
  private MeasurementSpec.Stop stop = new MeasurementSpec.Stop(Optional.of("plateau"), 0, false);
  private double end = 1e12;
  private int points = 20;

  private Toys(Setting setting) {
    this.setting = setting;
  }

  static Toys with(int length, int dim, int inContext, double crossSample) {
    return new Toys(new Setting(dim, length, inContext, crossSample));
  }

  static Threshold below(String metric, double level) {
    return new Threshold(metric, Optional.of(level), Optional.empty(), Relative.ABSOLUTE, 1);
  }

  static Threshold above(String metric, double level) {
    return new Threshold(metric, Optional.empty(), Optional.of(level), Relative.ABSOLUTE, 1);
  }

  Toys scores(Scores value) {
    scores = value;
    return this;
  }

  Toys dynamics(Dynamics value) {
    dynamics = value;
    return this;
  }

  Toys descent(double learningRate, double momentum) {
    optimizer = new OptimizerSpec.Sgd(learningRate, momentum);
    return this;
  }

  Toys change(RepetitionSpec.Change... values) {
    changes = List.of(values);
    return this;
  }

  Toys testSet(String name, int inContext, double crossSample) {
    testSets.put(
        name, new TestSet(Optional.of(inContext), Optional.of(crossSample), Optional.empty()));
    return this;
  }

  /** A test set with the repetition that training begins with. */
  Toys asTrained(String name) {
    testSets.put(name, new TestSet(Optional.empty(), Optional.empty(), Optional.empty()));
    return this;
  }

  Toys threshold(String name, Threshold value) {
    thresholds.put(name, value);
    return this;
  }

  /** Runs to the very end. */
  Toys until(double time, int rows) {
    stop = new MeasurementSpec.Stop(Optional.empty(), 0, true);
    end = time;
    points = rows;
    return this;
  }

  RunConfig config() {
    TaskSpec task =
        new TaskSpec.LinearRegression(
            setting.dim(),
            setting.length(),
            TaskSpec.RelevantPosition.LAST,
            false,
            TaskSpec.SpecialToken.UNIT,
            true);
    return new RunConfig(
        task,
        Defaults.with(
            RepetitionSpec.class,
            Map.of(
                "in_context", setting.inContext(),
                "cross_sample", setting.crossSample(),
                "changes", changes)),
        Defaults.with(ToySpec.class, Map.of("dynamics", dynamics, "scores", scores)),
        Defaults.with(
            TrainingSpec.class,
            Map.of("optimizer", optimizer, "max_steps", (long) end, "max_time", end)),
        Defaults.with(
            MeasurementSpec.class,
            Map.of(
                "evaluate_every",
                1000,
                "evaluate_samples",
                1,
                "test_sets",
                testSets,
                "thresholds",
                thresholds,
                "stop",
                stop,
                "trajectory",
                new MeasurementSpec.Trajectory(points, MeasurementSpec.Spacing.LINEAR))));
  }

  Trajectory integrate() {
    return ToyRun.integrate(config());
  }

  double plateau() {
    return integrate().crossings().get("plateau");
  }
}
