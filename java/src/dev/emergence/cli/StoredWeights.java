package dev.emergence.cli;

import dev.emergence.plan.Plan;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.ResultsFolder;
import dev.emergence.result.Weights;
import dev.emergence.spec.Bytes;
import dev.emergence.spec.Numeral;
import java.util.ArrayList;
import java.util.List;

/**
 * How many sets of parameters the runs of a plan have stored, as {@code checkpoints_at} asks.
 *
 * @param runs runs that have some
 * @param damaged what is wrong with some of them, a sentence each
 */
record StoredWeights(long count, long bytes, long runs, List<String> damaged) {

  /** Counts; no file is touched where the experiment stores no parameters. */
  static StoredWeights of(Plan plan, ResultsFolder results) {
    long count = 0;
    long bytes = 0;
    long runs = 0;
    List<String> damaged = new ArrayList<>();
    for (PlannedRun run : plan.runs()) {
      if (run.demands().stream().anyMatch(d -> d.checkpoints().any())) {
        Weights weights = results.run(run.id()).weights();
        int here = weights.stepsSoFar().size();
        count += here;
        bytes += weights.bytes();
        runs += here > 0 ? 1 : 0;
        weights.damage().forEach(what -> damaged.add("run " + run.id() + ": " + what));
      }
    }
    return new StoredWeights(count, bytes, runs, damaged);
  }

  /** In a sentence for people. */
  String text() {
    String stored =
        Numeral.count(count, "checkpoint")
            + " of "
            + Numeral.count(runs, "run")
            + " stored, "
            + Bytes.text(bytes);
    return damaged.isEmpty()
        ? stored
        : stored
            + ", "
            + damaged.size()
            + " damaged; `emergence verify` checks every byte\n"
            + String.join("\n", damaged);
  }
}
