package dev.emergence.execute.run;

import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Outcome;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * Listens to the progress of an experiment. All workers call it at the same time, so an
 * implementation must be thread-safe and fast.
 *
 * <p>A listener should not throw. If it does, the work stops as by {@link Interrupt}: what was
 * computed is saved, no run fails by it, the listener hears nothing more, and the call that began
 * the work, such as {@code Experiment.run}, throws what the listener threw.
 */
@API(status = API.Status.MAINTAINED)
public interface Progress {
  /** A listener that does nothing. */
  Progress SILENT = new Progress() {};

  /**
   * The work begins. Called once, before all other methods.
   *
   * @param runs the runs that will be done
   */
  default void open(List<PlannedRun> runs) {}

  /**
   * How those runs stand of which a part is stored already. Called once, after {@link #open}.
   *
   * @param runs runs of those that will be done, with their steps and ends as far as is known
   */
  default void begun(List<Standing> runs) {}

  /**
   * Work on a run begins.
   *
   * @param step 0, or the step from which the run continues
   */
  default void started(PlannedRun run, double step) {}

  /**
   * A run has come to a step.
   *
   * @param step the step (the time for a gradient flow)
   * @param target the step up to which it is trained, as far as is known
   */
  default void at(PlannedRun run, double step, double target) {}

  /**
   * A run has been evaluated. This is not called for a gradient flow that is integrated: all its
   * rows come at once, at its end.
   *
   * @param row the finite numbers that were measured, by column: {@code test.loss}
   */
  default void measured(PlannedRun run, double step, Map<String, Double> row) {}

  /** Nothing can be begun for the moment: others work on all that is left. Told again and again. */
  default void waiting() {}

  /** A run has ended and is stored. */
  default void ended(PlannedRun run, Outcome outcome) {}

  /**
   * Work on studies of finished runs begins. No run is under way in this process then. Not called
   * where nothing of them is missing.
   *
   * @param parts how many parts are to be made, by the name of the study; a part is one run of one
   *     study, seen as one condition sees it
   * @param atOnce most parts that are made side by side here
   */
  default void studying(Map<String, Integer> parts, int atOnce) {}

  /**
   * A part of a study is stored, or could not be made.
   *
   * @param study its name
   * @param run the run's id
   * @param seconds that it took here; 0 where another process has made it meanwhile
   * @param trouble why it could not be made; else empty
   */
  default void studied(String study, String run, double seconds, String trouble) {}

  /** A message for people. */
  default void note(String line) {}
}
