package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Outcome;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * Hears how the work goes on. Called from all workers at once: implementations are thread-safe and
 * quick.
 */
@API(status = API.Status.MAINTAINED)
public interface Progress {
  /** Hears nothing. */
  Progress SILENT = new Progress() {};

  /** These runs are to be done. Called once, before any other. */
  default void open(List<PlannedRun> runs) {}

  /**
   * Work on a run begins.
   *
   * @param step 0, or where it is continued
   */
  default void started(PlannedRun run, double step) {}

  /**
   * A run stands at a step.
   *
   * @param target the step it is being trained to, as far as is known
   */
  default void at(PlannedRun run, double step, double target) {}

  /**
   * A run has been evaluated. A flow that is integrated has all its rows at once, when it ends, and
   * tells none of them.
   *
   * @param row the finite numbers that were measured, by column: {@code test.loss}
   */
  default void measured(PlannedRun run, double step, Map<String, Double> row) {}

  /** A run has ended and is stored. */
  default void ended(PlannedRun run, Outcome outcome) {}

  /** Something people should know. */
  default void note(String line) {}
}
