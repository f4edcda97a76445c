package dev.emergence.cli;

import dev.emergence.plan.Demand;
import dev.emergence.plan.PlannedRun;
import dev.emergence.spec.ExecutionSpec;
import dev.emergence.spec.MeasurementSpec;
import dev.emergence.spec.Metrics;
import dev.emergence.spec.RunConfig;
import dev.emergence.spec.Stack;

/** About how many bytes the files of a finished run take. */
final class DiskNeed {
  /** A column of a row with its name, about: {@code "test.loss":0.4676223123}. */
  private static final double COLUMN_BYTES = 36;

  /** Configuration, result and provenance, about. */
  private static final double OTHER_BYTES = 3000;

  /** Frames of a film have at most this many queries and keys. */
  private static final double FRAME_SIDE = 64;

  private final ExecutionSpec spec;

  DiskNeed(ExecutionSpec spec) {
    this.spec = spec;
  }

  /** When the run takes {@code steps} steps: it keeps its state if that is as many as it may. */
  double after(PlannedRun run, double steps) {
    RunConfig config = run.run().config();
    double rows =
        config.training().optimizer().inTime()
            ? config.measurement().trajectory().points()
            : 1 + steps * run.cost().evaluations();
    return OTHER_BYTES
        + rows * COLUMN_BYTES * Metrics.stored(config).size()
        + patterns(run)
        + (double) Float.BYTES * run.cost().parameters() * weights(run, steps)
        + (keeps(steps >= run.cost().worstSteps()) ? run.cost().checkpointBytes() : 0);
  }

  private boolean keeps(boolean isUnstopped) {
    return switch (spec.keep()) {
      case ALL -> true;
      case UNREACHED -> isUnstopped;
      case NONE -> false;
    };
  }

  /** Attention patterns of one sequence: pictures and frames of a film. */
  private static double patterns(PlannedRun run) {
    RunConfig config = run.run().config();
    double side = config.task().predicts().length();
    double largest = 0;
    for (Demand d : run.demands()) {
      double frames = d.film().map(MeasurementSpec.Film::frames).orElse(0);
      largest =
          Math.max(
              largest,
              d.picturesAt().size() * side * side
                  + frames * Math.pow(Math.min(side, FRAME_SIDE), 2));
    }
    int layers = config.architecture().stack().map(Stack::layers).orElse(0);
    return Float.BYTES * largest * layers * config.architecture().heads();
  }

  /** Sets of parameters that are stored for studies. */
  private static double weights(PlannedRun run, double steps) {
    double most = 0;
    for (Demand d : run.demands()) {
      long every = d.checkpoints().every();
      double spaced = every > 0 ? 1 + Math.floor(steps / every) : 0;
      most = Math.max(most, d.checkpoints().at().size() + spaced);
    }
    return most;
  }
}
