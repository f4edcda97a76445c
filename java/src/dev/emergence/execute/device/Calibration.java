package dev.emergence.execute.device;

import dev.emergence.plan.PlannedRun;
import dev.emergence.tensor.Backend;

/**
 * Seconds a training step takes on this machine, measured once for each shape and kept in a file of
 * the user's, which trainings read too. A measurement is 20 steps to warm up and 50 to measure, or
 * as many as two seconds allow; on a device that trains many runs together one for each size of
 * cohort that is tried.
 */
public final class Calibration implements AutoCloseable {
  private final Engine engine;
  private final Speeds speeds = new Speeds(Speeds.usualFile());
  private final Backend backend;

  /**
   * Opens a backend to measure on.
   *
   * @throws Unavailable when the device cannot be had
   */
  public Calibration(Engine engine) {
    this.engine = engine;
    this.backend = engine.backends().get();
  }

  /**
   * How a shape is best trained here.
   *
   * @param alike runs of this shape that are to be trained
   */
  public CohortSize speed(PlannedRun run, int alike) {
    int most = Math.max(1, Math.min(alike, engine.replicas()));
    return speeds.size(backend, engine.trainings(), run, most);
  }

  /** Frees the device. */
  @Override
  public void close() {
    backend.close();
  }
}
