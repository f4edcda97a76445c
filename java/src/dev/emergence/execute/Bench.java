package dev.emergence.execute;

import dev.emergence.plan.PlannedRun;
import dev.emergence.spec.ArchitectureSpec;
import dev.emergence.tensor.Backend;
import java.util.Optional;
import java.util.function.Supplier;

/** One worker's place: its backend, opened when the first run needs it. Not thread-safe. */
final class Bench implements AutoCloseable {
  private final Site site;
  private final Supplier<Backend> backends;
  private final Engine.Trainings trainings;
  private Optional<Backend> backend = Optional.empty();

  Bench(Site site, Supplier<Backend> backends, Engine.Trainings trainings) {
    this.site = site;
    this.backends = backends;
    this.trainings = trainings;
  }

  /**
   * What computes a run.
   *
   * @throws Unavailable when it needs a device that cannot be had
   */
  Runner runner(PlannedRun run) {
    ArchitectureSpec architecture = run.run().config().architecture();
    if (!Runners.isTrained(architecture)) {
      return Runners.integrated(architecture, site);
    }
    if (backend.isEmpty()) {
      backend = Optional.of(backends.get());
    }
    return new Worker(trainings, backend.get(), site.withDevice(backend.get().description()));
  }

  @Override
  public void close() {
    backend.ifPresent(Backend::close);
  }
}
