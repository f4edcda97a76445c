package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.ResultsFolder;
import java.io.IOException;
import java.util.List;

/** Which deaths of workers count against a run. */
public enum Chances {
  /**
   * Those that this start has seen. A command that was killed says nothing about the runs that it
   * was at, and a person who types it again wants them done.
   */
  THIS_START,
  /**
   * Those of all starts since the run last came further. A scheduler starts a cluster's workers
   * again without a person who looks on, so that a run that takes whole nodes down must be given up
   * in the end.
   */
  ALL_STARTS;

  /** Forgets what must not count, before the work begins. */
  public void renew(List<PlannedRun> open, ResultsFolder results) throws IOException {
    if (this == THIS_START) {
      for (PlannedRun run : open) {
        results.run(run.id()).forgetDeaths();
      }
    }
  }

  /** Whether the death of a worker counts whose end nobody saw. */
  boolean countUnwitnessed() {
    return this == ALL_STARTS;
  }
}
