package dev.emergence.execute;

import java.util.List;

/**
 * What became of a plan's runs.
 *
 * @param standings one a run, in the plan's order
 * @param computed how many runs were worked on this time
 * @param interrupted why the work ended early with everything saved; empty when it did not
 * @param afterFailure whether it ended early because a run failed and the file wants no others then
 */
public record Summary(
    List<Standing> standings, int computed, String interrupted, boolean afterFailure) {
  /** Number of runs in a state. */
  public long count(Standing.State state) {
    return standings.stream().filter(s -> s.state() == state).count();
  }

  /** Whether every run is complete. */
  public boolean isComplete() {
    return count(Standing.State.COMPLETE) == standings.size();
  }
}
