package dev.emergence.execute.run;

import java.util.List;
import org.apiguardian.api.API;

/**
 * The states of a plan's runs, and what was done this time.
 *
 * @param runs the states now
 * @param computed how many runs were worked on this time
 * @param cause why a stop was requested, even if nothing was left to do then
 * @param reason the same in words; empty when there was no request
 */
@API(status = API.Status.MAINTAINED)
public record Summary(Standings runs, int computed, Interrupt.Cause cause, String reason) {
  /** Made by whoever carries out a plan. */
  @API(status = API.Status.INTERNAL)
  public Summary {}

  /** The states of the runs, and what is stored of them. */
  @API(status = API.Status.INTERNAL)
  public Standings runs() {
    return runs;
  }

  /** The states of the runs when nothing was worked on. */
  @API(status = API.Status.INTERNAL)
  public static Summary of(Standings runs) {
    return new Summary(runs, 0, Interrupt.Cause.NONE, "");
  }

  /** The state of each run, in the order of the plan. */
  public List<Standing> standings() {
    return runs.all();
  }

  /**
   * Whether the work ended early with everything saved, so that the same command would continue it.
   * This is not so when everything was done already. It is not so after a failed run either,
   * because the same command would fail again.
   */
  public boolean isInterrupted() {
    return cause.isPause() && standings().stream().anyMatch(s -> !s.isEnded());
  }

  /** The number of runs in a state. */
  public long count(Standing.State state) {
    return standings().stream().filter(s -> s.state() == state).count();
  }

  /** Whether every run is complete. */
  public boolean isComplete() {
    return count(Standing.State.COMPLETE) == standings().size();
  }
}
