package dev.emergence.task;

import dev.emergence.spec.RunConfig;
import dev.emergence.spec.Streams;
import dev.emergence.tensor.RandomStream;
import dev.emergence.tensor.RandomStream.Purpose;
import java.util.Optional;

/**
 * One of the runs that are trained together.
 *
 * @param config its configuration
 * @param seed decides all that is drawn for it
 */
public record Replica(RunConfig config, int seed) {

  /**
   * Sequences of the data set that batches of a purpose are drawn from; 0 for endless data, which
   * tests always have.
   */
  int dataset(Purpose purpose) {
    return purpose == Purpose.DATA ? config.repetition().dataset().orElse(0) : 0;
  }

  /** The random numbers of a purpose. */
  public RandomStream stream(Purpose purpose) {
    Streams streams = config.streams();
    Optional<Integer> other =
        switch (purpose) {
          case INIT -> streams.init();
          case DATA -> streams.data();
          case TASK -> streams.task();
          case TEST -> streams.test();
        };
    return RandomStream.of(other.orElse(seed), purpose);
  }
}
