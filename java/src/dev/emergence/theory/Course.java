package dev.emergence.theory;

import java.util.List;
import java.util.Optional;

/**
 * How far a run goes and what is looked out for.
 *
 * @param watches levels whose crossing times are wanted
 * @param end time or step at which the run ends at the latest
 * @param stopAfter name of the watch after whose crossing the run may end
 * @param extra further time as a share of the time until that crossing
 */
public record Course(List<Watch> watches, double end, Optional<String> stopAfter, double extra) {
  public Course {
    watches = List.copyOf(watches);
    List<String> names = watches.stream().map(Watch::name).toList();
    if (stopAfter.isPresent() && !names.contains(stopAfter.get())) {
      throw new IllegalArgumentException(
          "the run stops after '" + stopAfter.get() + "', which is no threshold; known: " + names);
    }
    if (!(end >= 0) || Double.isInfinite(end)) {
      throw new IllegalArgumentException(
          "a run must end at a finite time of at least 0, got " + end);
    }
  }

  /** Where a run ends that crossed the stopping level at {@code time}. */
  double endAfter(double time) {
    return Math.min(end, time * (1 + extra));
  }
}
