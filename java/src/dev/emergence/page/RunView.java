package dev.emergence.page;

import dev.emergence.execute.run.Standing;
import dev.emergence.plan.PlannedRun;
import dev.emergence.result.Curve;
import dev.emergence.result.StoredRun;
import java.util.Optional;
import java.util.Set;

/**
 * One run at one moment.
 *
 * @param key its name on the page: its id, with the number of its folder before it where several
 *     are shown
 * @param run what is planned
 * @param standing what there is of it, no further than the plan looks; the step of an unfinished
 *     run is that of its last row
 * @param stored what it gave, once it has ended
 * @param curve the stored curve, or the rows so far, up to the last of the ends
 * @param ends where the conditions of the plan end that share the run
 * @param pictured whether attention patterns are kept
 * @param written when an unfinished run last wrote something, in milliseconds since 1970; 0 when
 *     that is not known
 * @param version changes with anything that is read of the run
 */
public record RunView(
    String key,
    PlannedRun run,
    Standing standing,
    Optional<StoredRun> stored,
    Curve curve,
    Set<Double> ends,
    boolean pictured,
    long written,
    long version) {

  /** The state in words. */
  String word() {
    return standing.state().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
