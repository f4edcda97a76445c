package dev.emergence.fit;

/**
 * One measured time.
 *
 * @param condition index of its condition, a row of the design
 * @param seed its seed; equal seeds share their data
 * @param time when it emerged; for a censored point the last time at which it surely had not
 * @param censored whether it had not emerged by {@code time}
 * @param after the last time before {@code time} at which it had not emerged: it did so in (after,
 *     time]; equal to {@code time} where the time is exact, and for a censored run
 */
public record Point(int condition, int seed, double time, boolean censored, double after) {
  public Point {
    if (after > time) {
      throw new IllegalArgumentException(
          "a point emerges after the start of its bracket, got (" + after + ", " + time + "]");
    }
  }

  /** A point without a bracket. */
  public Point(int condition, int seed, double time, boolean censored) {
    this(condition, seed, time, censored, time);
  }
}
