package dev.emergence.execute.device;

import dev.emergence.plan.PlannedRun;
import dev.emergence.tensor.Backend;
import dev.emergence.train.Start;
import dev.emergence.train.Training;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

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
     * A cohort.
     *
     * @param runs one a replica
     */
    Training create(Backend backend, List<Start> runs);
  }

  /**
   * Some replicas of a run at step 0, with seeds that follow each other: to be measured.
   *
   * @param replicas how many
   */
  static List<Start> alike(PlannedRun run, int replicas) {
    return IntStream.range(0, replicas)
        .mapToObj(r -> new Start(run.run().config(), run.run().seed() + r))
        .toList();
  }

  /** Chooses the size of a cohort. */
  public interface Sizing {
    /** A number from 1 to {@code most} for runs like {@code run}. */
    int replicas(Backend backend, PlannedRun run, int most);
  }

  /**
   * The same, with the size that {@link CohortSize} measures to be the best.
   *
   * @param speeds what has been measured before
   */
  Engine measured(Speeds speeds) {
    return new Engine(
        backends,
        trainings,
        replicas,
        (backend, run, most) -> speeds.size(backend, trainings, run, most).replicas());
  }
}
