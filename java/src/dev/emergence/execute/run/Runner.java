package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import java.io.IOException;
import java.util.List;

/**
 * Computes runs and stores them. One implementation for each way a result comes about: see {@link
 * Runners}.
 */
interface Runner {
  /**
   * Takes each run from where it stands to where nobody wants more of it, and stores it.
   *
   * @param runs of equal shapes; none of them is complete
   * @param supply more of that shape, to be taken as places become free
   * @param attempt which attempt this is, from 1
   * @throws Interrupt.Stopped when it was asked to stop; everything is saved then
   * @throws IOException when results cannot be written
   */
  void work(List<PlannedRun> runs, Supply supply, int attempt)
      throws IOException, Interrupt.Stopped;
}
