package dev.emergence.tensor;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A recorded sequence of operations with all its tensors bound: replayed without any host decision,
 * allocation or copy. The cuda backend makes it one graph.
 */
public interface StepProgram extends AutoCloseable {
  /** Runs the sequence once; returns when the host may read the results through the backend. */
  void run();

  /** Number of operations recorded. */
  int size();

  /**
   * Pieces of work that a run hands to the device: of a GPU the kernels, copies and calls of the
   * host in its graph; elsewhere as many as operations.
   */
  default int launches() {
    return size();
  }

  /**
   * The numbers of the operations that a GPU does together, group by group, in the order of each
   * group's first; of another device those that a GPU would do together.
   *
   * @param arithmetic of its products; empty where NVIDIA's library computes all of them, so that
   *     none is done with another operation
   */
  default List<List<Integer>> joined(Optional<Arithmetic> arithmetic) {
    return IntStream.range(0, size()).mapToObj(List::of).toList();
  }

  @Override
  void close();
}
