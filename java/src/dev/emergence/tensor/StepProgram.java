package dev.emergence.tensor;

import java.util.List;
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
   * The operations that a GPU does together, as {first, number}, in their order; of another device
   * those that a GPU would do together.
   */
  default List<int[]> joined() {
    return IntStream.range(0, size()).mapToObj(i -> new int[] {i, 1}).toList();
  }

  @Override
  void close();
}
