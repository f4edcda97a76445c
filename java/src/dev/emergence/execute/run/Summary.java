package dev.emergence.execute.run;

import java.util.List;
import org.apiguardian.api.API;

/**
 * What became of a plan's runs.
 *
 * @param runs how they stand now
 * @param computed how many runs were worked on this time
 * @param cause what asked for a stop, whether or not anything was left to be done then
 * @param reason the same in words; empty when nothing did
 */
@API(status = API.Status.MAINTAINED)
public record Summary(Standings runs, int computed, Interrupt.Cause cause, String reason) {
  /** Made by whoever carries out a plan. */
  @API(status = API.Status.INTERNAL)
  public Summary {}

  /** How the runs stand now, and what is stored of them. */
  @API(status = API.Status.INTERNAL)
  public Standings runs() {
    return runs;
  }

  /** The runs as they stand, when nothing was worked on. */
  @API(status = API.Status.INTERNAL)
  public static Summary of(Standings runs) {
    return new Summary(runs, 0, Interrupt.Cause.NONE, "");
  }

  /** How each run stands, in the plan's order. */
  public List<Standing> standings() {
    return runs.all();
  }

  /**
   * Whether the work ended early with everything saved, so that the same command goes on from here.
   * A stop that was asked for when all was done already is none; neither is one after a failure,
   * since the same command would fail again.
   */
  public boolean isInterrupted() {
    boolean asked = cause == Interrupt.Cause.REQUEST || cause == Interrupt.Cause.TIME;
    return asked && standings().stream().anyMatch(s -> !s.isEnded());
  }

  /** Number of runs in a state. */
  public long count(Standing.State state) {
    return standings().stream().filter(s -> s.state() == state).count();
  }

  /** Whether every run is complete. */
  public boolean isComplete() {
    return count(Standing.State.COMPLETE) == standings().size();
  }
}
