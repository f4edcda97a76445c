package dev.emergence.theory;

import java.util.Optional;

/**
 * A stretch of training with constant repetition.
 *
 * @param flow what moves the state
 * @param observables what is read off it; the same columns in each phase of a run
 * @param until when the next phase begins; the last phase has none
 */
public record Phase(Flow flow, Observables observables, Optional<End> until) {

  /** What ends a phase. */
  public sealed interface End {}

  /** A phase ends at this time, counted from the start of training. */
  public record AtTime(double time) implements End {}

  /** A phase ends when a column crosses a level. */
  public record AtLevel(Watch watch) implements End {}
}
