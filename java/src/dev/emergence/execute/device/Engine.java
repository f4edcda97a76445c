package dev.emergence.execute.device;

import dev.emergence.plan.PlannedRun;
import dev.emergence.spec.RunConfig;
import dev.emergence.tensor.Backend;
import dev.emergence.train.Training;
import java.util.List;
import java.util.function.Supplier;

/**
 * What trains: a device and how trainings are made on it.
 *
 * @param backends makes a backend; each worker has its own. May raise {@link Unavailable}
 * @param trainings makes a training
 * @param replicas most runs in one training: 1 on a CPU, where a run fills a core
 * @param sizing how many of equal runs train together, up to that
 */
public record Engine(Supplier<Backend> backends, Trainings trainings, int replicas, Sizing sizing) {

  /** Trains as many together as there are, up to {@code replicas}. */
  public Engine(Supplier<Backend> backends, Trainings trainings, int replicas) {
    this(backends, trainings, replicas, (backend, run, most) -> most);
  }

  /** Makes the training of a cohort. */
  public interface Trainings {
    /**
     * A cohort at step 0.
     *
     * @param seeds one a configuration
     */
    Training create(Backend backend, List<RunConfig> configs, List<Integer> seeds);
  }

  /** Chooses the size of a cohort. */
  public interface Sizing {
    /** A number from 1 to {@code most} for runs like {@code run}. */
    int replicas(Backend backend, PlannedRun run, int most);
  }

  /** The same, with the size that {@link CohortSize} measures to be the best. */
  Engine measured() {
    return new Engine(
        backends,
        trainings,
        replicas,
        (backend, run, most) -> CohortSize.measure(backend, trainings, run, most).replicas());
  }
}
