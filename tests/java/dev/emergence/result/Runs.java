package dev.emergence.result;

import dev.emergence.plan.PlannedRun;
import dev.emergence.plan.Run;
import dev.emergence.plan.Yaml;
import dev.emergence.tensor.ShapedArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Small finished runs for tests. */
final class Runs {
  static final PlannedRun PLANNED = Yaml.plan(Yaml.TINY).runs().get(0);
  static final Run RUN = PLANNED.run();
  static final Curve CURVE =
      new Curve(
          List.of("test.loss", "batch.loss"),
          new double[] {0, 10},
          new double[][] {{0.5, Double.NaN}, {1.0 / 3, 0.1f}});
  static final double[][] PATTERN = {{1, 0}, {0.25, 0.75}};

  private Runs() {}

  static Safetensors checkpoint(double value) {
    return new Safetensors(
        Map.of("run", RUN.id(), "step", "10"),
        Map.of("w", ShapedArray.lossless(new int[] {1, 2}, new double[] {value, 0.1})));
  }

  static RunRecord record(double seconds) {
    return new RunRecord(
        RUN,
        new Outcome(Outcome.State.COMPLETE, 10, "", 1, seconds),
        CURVE,
        Optional.of(checkpoint(seconds)),
        List.of(new Picture("last", 10, 1, 2, PATTERN)),
        Map.of("device", "test"));
  }
}
