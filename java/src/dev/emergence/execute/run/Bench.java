package dev.emergence.execute.run;

import dev.emergence.execute.device.Engine;
import dev.emergence.plan.Cohort;
import dev.emergence.plan.PlannedRun;
import dev.emergence.tensor.Backend;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One worker's place: its backend, opened when the first run needs it. Not thread-safe. */
public final class Bench implements AutoCloseable {
  private final Site site;
  private final Engine engine;
  private final Map<String, Integer> sizes = new HashMap<>();
  private Optional<Backend> backend = Optional.empty();

  public Bench(Site site, Engine engine) {
    this.site = site;
    this.engine = engine;
  }

  /**
   * How many of some equal runs to train together: measured once for each shape and number, where
   * the engine trains more than one at all.
   */
  int replicas(PlannedRun first, int alike) {
    int most = Math.min(alike, engine.replicas());
    if (most <= 1 || !first.run().config().architecture().isTrained()) {
      return 1;
    }
    return sizes.computeIfAbsent(
        Cohort.digest(first.run().config()) + " x" + most,
        key -> {
          int replicas = engine.sizing().replicas(backend(), first, most);
          String like = alike + " runs like " + first.id() + " train ";
          site.progress()
              .note(
                  replicas == 1
                      ? like + "one after the other"
                      : replicas + " of " + like + "together");
          return replicas;
        });
  }

  /** Whether several runs train together here, so that places are given on from run to run. */
  boolean trainsCohorts() {
    return engine.replicas() > 1;
  }

  private Backend backend() {
    if (backend.isEmpty()) {
      backend = Optional.of(engine.backends().get());
    }
    return backend.get();
  }

  /**
   * What computes a run.
   *
   * @throws Unavailable when it needs a device that cannot be had
   */
  Runner runner(PlannedRun run) {
    return Runners.of(run).runner(this);
  }

  /**
   * What trains here.
   *
   * @throws Unavailable when the device cannot be had
   */
  Worker worker() {
    return new Worker(engine.trainings(), backend(), described());
  }

  /** Where it is, whatever computes. */
  Site site() {
    return site;
  }

  /** The site, with what computes as far as it is known. */
  Site described() {
    return backend.map(b -> site.withDevice(b.description())).orElse(site);
  }

  @Override
  public void close() {
    backend.ifPresent(Backend::close);
  }
}
