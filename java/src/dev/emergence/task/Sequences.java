package dev.emergence.task;

import dev.emergence.tensor.RandomStream;

/**
 * The meaning of a task's data: sequence n of batch {@code step}, a pure function of the stream.
 * Native samplers, where a task has one, must agree with it bit for bit.
 */
public interface Sequences {
  /**
   * Writes one sequence. Called by several threads at once, for steps in any order.
   *
   * @param stream all random numbers of the run for this purpose; a draw takes words of {@code
   *     stream.lane(i, step, n)} alone, i from 0
   * @param out room for the sequence, all of which must be written
   */
  void draw(RandomStream stream, int step, int n, SequenceOut out);
}
