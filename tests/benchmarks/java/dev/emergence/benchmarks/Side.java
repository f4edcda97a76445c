package dev.emergence.benchmarks;

/** One implementation of a workload's training step, alone in its process. */
interface Side extends AutoCloseable {

  /** Takes a step on each of the first batches. Returns each batch's loss before its step. */
  double[] losses();

  /** Takes a step on a batch of its own drawing; called after {@link #losses}. */
  void step();

  /** GFLOP/s of one core in a large product of this side. */
  double sgemm();

  @Override
  void close();
}
