package dev.emergence.task;

import java.util.List;

/**
 * What R runs of equal shapes learn. Everything that is fixed for a run (a map, a special token) is
 * drawn from its seed when the task is made; batches are drawn on the device, as recorded
 * operations, from streams of the seed.
 *
 * <p>Memory belongs to the scope that the task was made in.
 */
public interface Task {

  /**
   * Room for training batches; each is batch {@code step} of the run's data stream.
   *
   * @param samples sequences of a replica, N
   */
  Batch training(int samples);

  /**
   * Room for a part of a test set. All test sets of a run are drawn from one stream, so that sets
   * that differ in repetition alone are compared on paired sequences. Sequence n of part {@code
   * step} depends on n and {@code step}: cut a test set always alike.
   *
   * @param testSet name of one of {@code measurement.test_sets}
   * @param samples sequences of a part, N
   * @throws IllegalArgumentException naming the known ones
   */
  Batch test(String testSet, int samples);

  /**
   * Changes the repetition of later training batches of one replica. Test sets stay as they are,
   * those {@code as_trained} included: these follow the file's {@code repetition}, not its changes.
   *
   * @throws IllegalArgumentException when inContext does not fit into a sequence, or crossSample is
   *     no probability
   */
  void repeat(int replica, int inContext, double crossSample);

  /** Levels of the metrics of a test set: oracle first, then ways of guessing. */
  List<Level> levels(int replica, String testSet);
}
