package dev.emergence.task;

import java.util.List;

/**
 * A task for R runs of equal shapes that train together. What is fixed for a run, such as a map or
 * a special token, is drawn from its seed when the task is made. Batches are drawn on the device by
 * recorded operations, from random streams of the seed.
 *
 * <p>The scope in which the task was made owns its memory.
 */
public interface Task {

  /**
   * Makes the memory for training batches. Each time it is drawn, it is filled with batch {@code
   * step} of the data stream of each run.
   *
   * @param samples number of sequences for each run, N
   */
  Batch training(int samples);

  /**
   * Makes the memory for a part of a test set. All test sets of a run are drawn from one stream. So
   * test sets that differ only in repetition are compared on the same draws. A sequence depends on
   * its number n in the part and on the number {@code step} of the part. So always divide a test
   * set into parts of the same size.
   *
   * @param testSet the name of one of {@code measurement.test_sets}
   * @param samples number of sequences in a part, N
   * @throws IllegalArgumentException when there is no such test set; the message lists the known
   *     names
   */
  Batch test(String testSet, int samples);

  /**
   * Changes the repetition of the later training batches of one run. Test sets do not change. Those
   * with {@code as_trained} follow the file's {@code repetition}, not its changes.
   *
   * @param replica which of the R runs, from 0
   * @param inContext copies of the relevant token in a context
   * @param crossSample probability of the special token
   * @throws IllegalArgumentException when inContext does not fit into a sequence, or crossSample is
   *     not a probability
   */
  void repeat(int replica, int inContext, double crossSample);

  /**
   * Gives a place to another run: all that is fixed for it takes the place of what was fixed for
   * the run before, in every batch that was made. What was recorded stays valid.
   *
   * @param replica which of the R places, from 0
   * @param run of the shapes of the others
   * @throws IllegalArgumentException when its shapes are other ones; the message says which
   */
  void enter(int replica, Replica run);

  /**
   * Reference values of the metrics of a test set: {@code oracle} first, then simple strategies.
   */
  List<Level> levels(int replica, String testSet);
}
