package dev.emergence.execute;

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
 */
public record Engine(Supplier<Backend> backends, Trainings trainings, int replicas) {
  /** Makes the training of a cohort. */
  public interface Trainings {
    /** A cohort at step 0. @param seeds one a configuration */
    Training create(Backend backend, List<RunConfig> configs, List<Integer> seeds);
  }
}
