package dev.emergence.execute.run;

import java.time.Duration;

/**
 * How many steps to train before looking up: about a second's worth, so that a request to stop is
 * heard soon, and when a checkpoint is due. Only the moments of looking up depend on the clock,
 * nothing that is computed.
 */
final class Pace {
  private static final double SECONDS = 1.0;
  private final long checkpointNanos;
  private long lastSave = System.nanoTime();
  private long began;
  private long steps = 1;

  Pace(Duration checkpointEvery) {
    this.checkpointNanos = checkpointEvery.toNanos();
  }

  long steps() {
    return steps;
  }

  void begin() {
    began = System.nanoTime();
  }

  void end(long taken) {
    double perStep = (System.nanoTime() - began) / 1e9 / Math.max(1, taken);
    steps = (long) Math.max(1, Math.min(2.0 * steps, SECONDS / Math.max(perStep, 1e-9)));
  }

  boolean saveIsDue() {
    return System.nanoTime() - lastSave >= checkpointNanos;
  }

  void saved() {
    lastSave = System.nanoTime();
  }
}
