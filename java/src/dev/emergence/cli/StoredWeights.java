package dev.emergence.cli;

import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.Weights;
import dev.emergence.spec.Bytes;

/**
 * How many sets of parameters the runs of a plan have stored, as {@code checkpoints_at} asks.
 *
 * @param runs runs that have some
 */
record StoredWeights(long count, long bytes, long runs) {

  /** Counts; no file is touched where the experiment stores no parameters. */
  static StoredWeights of(Plan plan, ResultsFolder results) {
    long count = 0;
    long bytes = 0;
    long runs = 0;
    for (PlannedRun run : plan.runs()) {
      if (run.demands().stream().anyMatch(d -> d.checkpoints().any())) {
        Weights weights = results.run(run.id()).weights();
        int here = weights.stepsSoFar().size();
        count += here;
        bytes += weights.bytes();
        runs += here > 0 ? 1 : 0;
      }
    }
    return new StoredWeights(count, bytes, runs);
  }

  /** In a sentence for people. */
  String text() {
    return count
        + (count == 1 ? " checkpoint" : " checkpoints")
        + " of "
        + runs
        + (runs == 1 ? " run" : " runs")
        + " stored, "
        + Bytes.text(bytes);
  }
}
