package dev.emergence.cli;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How far studies have come and how long the rest takes. Runs of one study are taken to need the
 * same time each, and one of a study of which none has ended the mean of all. Not thread-safe.
 */
final class RemainingStudies {
  private final double began;
  private final int atOnce;
  private final Map<String, Integer> left;
  private final Map<String, Made> made = new HashMap<>();
  private int total;
  private int ended;

  private record Made(int parts, double seconds) {
    Made and(Made other) {
      return new Made(parts + other.parts, seconds + other.seconds);
    }
  }

  /**
   * @param parts how many runs are to be studied, by the name of the study
   * @param atOnce most of them that are studied side by side
   * @param now seconds by a monotonic clock, here and below
   */
  RemainingStudies(Map<String, Integer> parts, int atOnce, double now) {
    this.atOnce = atOnce;
    began = now;
    left = new LinkedHashMap<>(parts);
    total = parts.values().stream().mapToInt(n -> n).sum();
  }

  /**
   * A run is studied.
   *
   * @param seconds that it took here; 0 where another process has done it
   */
  void ended(String study, double seconds) {
    ended++;
    // A run that others finished after the studies began was not counted then.
    total = Math.max(total, ended);
    left.computeIfPresent(study, (name, parts) -> parts - 1);
    if (seconds > 0) {
      made.merge(study, new Made(1, seconds), Made::and);
    }
  }

  int total() {
    return total;
  }

  int ended() {
    return ended;
  }

  /** Seconds until all is done; empty while nothing is known, and at the end. */
  OptionalDouble seconds() {
    Made all = made.values().stream().reduce(new Made(0, 0), Made::and);
    if (all.parts() == 0 || ended == total) {
      return OptionalDouble.empty();
    }
    double work = 0;
    for (Map.Entry<String, Integer> open : left.entrySet()) {
      Made like = made.getOrDefault(open.getKey(), all);
      work += Math.max(0, open.getValue()) * like.seconds() / like.parts();
    }
    return OptionalDouble.of(work / Math.min(atOnce, total - ended));
  }

  /** Share of the work that is done, from 0 to 1. */
  double share(double now) {
    double rest = seconds().orElse(0);
    return rest == 0 ? ended / Math.max(1.0, total) : (now - began) / (now - began + rest);
  }
}
