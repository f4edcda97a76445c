package dev.emergence.execute.run;

import java.util.List;
import org.apiguardian.api.API;

/**
 * What became of a plan's runs.
 *
 * @param standings one a run, in the plan's order
 * @param computed how many runs were worked on this time
 * @param cause what asked for a stop, whether or not anything was left to be done then
 * @param reason the same in words; empty when nothing did
 */
@API(status = API.Status.MAINTAINED)
public record Summary(
    List<Standing> standings, int computed, Interrupt.Cause cause, String reason) {
  /** The runs as they stand, when nothing was worked on. */
  public static Summary of(List<Standing> standings) {
    return new Summary(standings, 0, Interrupt.Cause.NONE, "");
  }

  /**
   * Whether the work ended early with everything saved, so that the same command goes on from here.
   * A stop that was asked for when all was done already is none; neither is one after a failure,
   * since the same command would fail again.
   */
  public boolean isInterrupted() {
    boolean asked = cause == Interrupt.Cause.REQUEST || cause == Interrupt.Cause.TIME;
    return asked && standings.stream().anyMatch(s -> !s.isEnded());
  }

  /** Number of runs in a state. */
  public long count(Standing.State state) {
    return standings.stream().filter(s -> s.state() == state).count();
  }

  /** Whether every run is complete. */
  public boolean isComplete() {
    return count(Standing.State.COMPLETE) == standings.size();
  }
}
