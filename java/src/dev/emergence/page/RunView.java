package dev.emergence.page;

import dev.emergence.execute.run.Standing;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.StoredRun;
import java.util.Optional;

/**
 * One run at one moment.
 *
 * @param standing what there is of it; the step of an unfinished run is that of its last row
 * @param stored what it gave, once it has ended
 * @param curve the stored curve, or the rows so far
 * @param version changes with anything that is read of the run
 */
public record RunView(
    PlannedRun run, Standing standing, Optional<StoredRun> stored, Curve curve, long version) {

  /** Its id. */
  String id() {
    return run.id();
  }

  /** The state in words. */
  String word() {
    return standing.state().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
