package dev.emergence.execute.run;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many steps to train before looking up: about a second's worth, so that a request to stop is
 * heard soon, and when a checkpoint is due. Only the moments of looking up depend on the clock,
 * nothing that is computed.
 */
final class Pace {
  private static final double SECONDS = 1.0;
  private final long checkpointNanos;
  private final LongSupplier clock;
  private long lastSave;
  private long began;
  private long steps = 1;

  Pace(Duration checkpointEvery) {
    this(checkpointEvery, System::nanoTime);
  }

  /**
   * @param clock nanoseconds since some moment
   */
  Pace(Duration checkpointEvery, LongSupplier clock) {
    this.checkpointNanos = checkpointEvery.toNanos();
    this.clock = clock;
    this.lastSave = clock.getAsLong();
  }

  long steps() {
    return steps;
  }

  void begin() {
    began = clock.getAsLong();
  }

  void end(long taken) {
    double perStep = (clock.getAsLong() - began) / 1e9 / Math.max(1, taken);
    steps = (long) Math.max(1, Math.min(2.0 * steps, SECONDS / Math.max(perStep, 1e-9)));
  }

  boolean saveIsDue() {
    return clock.getAsLong() - lastSave >= checkpointNanos;
  }

  void saved() {
    lastSave = clock.getAsLong();
  }
}
