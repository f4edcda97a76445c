package dev.emergence.execute.device;

import dev.emergence.plan.PlannedRun;
import dev.emergence.tensor.Backend;
import dev.emergence.train.Training;

/** A short training for a profiler to look at; nothing is measured or stored. */
public final class Profiling {
  private Profiling() {}

  /**
   * Trains up to step {@code first}, tells the profiler to begin, trains up to step {@code last},
   * and tells it to end.
   *
   * @param replicas of the run that train together
   * @throws Unavailable when the device cannot be had
   */
  public static void run(Engine engine, PlannedRun run, int replicas, long first, long last) {
    try (Backend backend = engine.backends().get();
        Training training = engine.trainings().create(backend, Engine.alike(run, replicas))) {
      training.trainTo(first);
      backend.profile(true);
      for (long step = first + 1; step <= last; step++) {
        long next = step;
        backend.range("step " + step, () -> training.trainTo(next));
      }
      backend.profile(false);
    }
  }
}
